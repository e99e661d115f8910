"""Admissions per second of each run as one SVG, drawn by hand: a band for each node, the limit, what was asked for, when the fault was."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, GAP = 860, 150, 60, 46, 62
COLOURS = ["#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377"]


def draw(path, title, runs):
    """runs: (limit, name, begin in seconds, seconds, fault's begin and end or None, admitted by second and node, answered by second)."""
    height = TOP + len(runs) * (HEIGHT + GAP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + LEFT + 30}" height="{height}" font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="white"/>', text(LEFT, 20, title, 15)]
    for index, run in enumerate(runs):
        parts += panel(TOP + index * (HEIGHT + GAP) + 14, *run)
    parts.append("</svg>")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")


def panel(top, limit, name, begin, seconds, fault, admitted, answered):
    highest = max(1.6 * limit.most, *(1.05 * sum(nodes.values()) for nodes in admitted.values()), 0)
    step = WIDTH / max(1, seconds)

    def x(second):
        return LEFT + (second - begin) * step

    def y(value):
        return top + HEIGHT - min(value, highest) / highest * HEIGHT

    yield text(LEFT, top - 5, name, 13)
    if fault:
        yield box(x(max(begin, fault[0])), top, (fault[1] - fault[0]) * step, HEIGHT, "#dddddd")
    for second in range(math.ceil(begin), int(begin + seconds)):
        below = 0
        for node, count in sorted(admitted.get(second, {}).items()):
            yield box(x(second), y(below + count), step - 1, y(below) - y(below + count), COLOURS[node % len(COLOURS)])
            below += count
    line = " ".join(f"{x(second + 0.5):.1f},{y(answered.get(second, 0)):.1f}" for second in range(math.ceil(begin), int(begin + seconds)))
    yield f'<polyline points="{line}" fill="none" stroke="#888888" stroke-dasharray="3 2"/>'
    yield f'<path d="M{LEFT} {y(limit.most):.1f}h{WIDTH}" stroke="#cc0000"/>'
    yield f'<path d="M{LEFT} {top}v{HEIGHT}h{WIDTH}" stroke="black" fill="none"/>'
    for value in (0, limit.most // 2, limit.most):
        yield text(LEFT - 6, y(value) + 4, str(value), 11, "end")
    for second in range(0, int(seconds) + 1, 10):
        yield text(LEFT + second * step, top + HEIGHT + 15, f"{second} s", 11, "middle")


def text(x, y, words, size, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'


def box(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.5, width):.1f}" height="{max(0, height):.1f}" fill="{colour}"/>'
