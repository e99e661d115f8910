"""Tables as Markdown, and what a reader needs to know about the machine without learning whose it is."""

import os
import platform
import re
import shlex
import subprocess
import sys
import time

from .processes import Failure
from .proxies import HOME

RESULTS = os.path.join(HOME, "loadtest", "results")


def table(head, rows):
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def facts(more=()):
    """Date, command, commit and machine, as lines of a list."""
    pairs = [
        ("date", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())),
        ("command", "loadtest/" + shlex.join([os.path.basename(sys.argv[0]), *sys.argv[1:]])),
        ("commit", _commit()),
        ("machine", f"{_cpu_model()}, {os.cpu_count()} cores, {_memory_gib()} GiB, Linux {platform.release().split('-')[0]}"),
        ("versions", ", ".join(_versions())),
        *more,
    ]
    return "\n".join(f"- {name}: {value}" for name, value in pairs if value)


def dated(name):
    """The file name of a result, without its ending."""
    return f"{time.strftime('%Y-%m-%d', time.gmtime())}-{name}"


def write(name, text):
    """Writes loadtest/results/<date>-<name>.md and says so."""
    os.makedirs(RESULTS, exist_ok=True)
    path = os.path.join(RESULTS, dated(name) + ".md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"written to {os.path.relpath(path, HOME)}")


def _output(*command):
    try:
        return subprocess.run(command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout
    except FileNotFoundError:
        return ""


def _commit():
    commit = _output("git", "rev-parse", "--short=12", "HEAD").strip()
    changed = _output("git", "status", "--porcelain", "--untracked-files=no").strip()
    return commit + (" with uncommitted changes" if changed else "")


def _versions():
    nginx = re.search(r"nginx/(\S+)", _output("nginx", "-v") or _output("/usr/sbin/nginx", "-v"))
    wrk = re.search(r"wrk (?:debian/)?(\S+)", _output("wrk", "-v"))
    binary = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
    java = re.search(r'version "([^"]+)"', _output(binary, "-version"))
    for name, found in (("nginx", nginx), ("wrk", wrk), ("Java", java)):
        if found:
            yield f"{name} {found.group(1)}"


def _cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def _memory_gib():
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30)


def need_cores(*cores):
    missing = set(cores) - os.sched_getaffinity(0)
    if missing:
        raise Failure(f"core {min(missing)} is not ours (expected: at least two cores, for the proxy and for the rest)")
