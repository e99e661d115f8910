"""
What a run shows about the limits. An admission is a request that the upstream saw or that was answered 200; it was decided at some
moment between the client's first byte and the request's arrival at the upstream (or the end of the response, if that is earlier), on the one clock of
this machine. A request at a time was surely there from its arrival at the upstream until that sent its answer, or its client went away.
"""

import time
from collections import namedtuple

from . import verdict
from .verdict import PLACES, SECOND, Admission, by_window, length

# How long after its end a request may still have its place, for all we know: what was lost is not exact.
LINGER = 5_000_000
# How long after a split it takes until all nodes are one cluster again.
TOGETHER_SECONDS = 15

# most: per period of so many seconds, or at a time; rate: requests per second of each key; hold: as in crowd; config: more of the plugin's.
Limit = namedtuple("Limit", "name most seconds kind keys rate hold config", defaults=(None, {}))
# over: surely too many for the limit; allowed: how many may be, and outside: how many of them were not covered by that.
Finding = namedtuple("Finding", "limit windows admitted most over allowed outside offered lost worst")
Lost = namedtuple("Lost", "windows offered lost worst")


class History:
    """The requests of one run, by stream: a limit and one of its keys."""

    def __init__(self, streams):
        self.streams = streams
        self.admissions = [[] for _ in streams]
        self.answered = [[] for _ in streams]
        self.refusals = [[] for _ in streams]
        # Requests at a time: when they were surely, and when they may have been there.
        self.stays = [[] for _ in streams]
        self.maybe = [[] for _ in streams]
        self.statuses = {}

    @classmethod
    def read(cls, streams, crowd_paths, arrivals_path, run):
        """streams: (limit, key), by the numbers in the plans."""
        history, arrivals = cls(streams), {}
        marker = f"/{run}/"
        with open(arrivals_path, encoding="ascii") as file:
            for line in file:
                path, *times = line.split()
                if marker in path:
                    arrivals.setdefault(path, [int(at) for at in times])  # a second one would be a node's second try
        for crowd_path in crowd_paths:
            with open(crowd_path, encoding="ascii") as file:
                for line in file:
                    path, *numbers = line.split()
                    history.take(arrivals.get(path), *map(int, numbers))
        return history

    def take(self, arrival, stream, node, begin, end, status, reset):
        """arrival: nothing, or when the request came to the upstream and, if that held it, when it left."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status in (200, 429):
            self.answered[stream].append((begin, end))
        limit = self.streams[stream][0]
        if limit.kind == PLACES:
            self._take_place(arrival, stream, begin, end, status)
        if arrival is None and status != 200:
            return
        latest = end if arrival is None else min(arrival[0], end) if status == 200 else arrival[0]
        self.admissions[stream].append(Admission(begin, latest, node, said_window(limit, begin, latest, reset)))

    def _take_place(self, arrival, stream, begin, end, status):
        if status == 429:
            self.refusals[stream].append((begin, end))
            return
        came, left = (arrival or [end])[0], (arrival or [end])[-1]
        self.stays[stream].append((came, min(left, end)))
        self.maybe[stream].append((begin, max(left, end) + LINGER))

    def findings(self, limits, stage):
        return [self._finding(limit, stage) for limit in limits]

    def _of(self, limit):
        return [stream for stream, (one, _) in enumerate(self.streams) if one == limit]

    def _finding(self, limit, stage):
        streams = self._of(limit)
        if limit.kind == PLACES:
            most = max(verdict.most_at_a_time(self.stays[stream]) for stream in streams)
            over, allowed = max(0, most - limit.most), None
            outside = over
        else:
            most = max(verdict.most_used(limit, self.admissions[stream]) for stream in streams)
            over, allowed, outside = map(total, zip(*[judged(limit, self.admissions[stream], stage) for stream in streams]))
        admitted = sum(len(self.admissions[stream]) for stream in streams)
        lost = [self._lost_places(limit, stream) if limit.kind == PLACES else self._lost(limit, stream) for stream in streams]
        windows, offered, missing, _ = map(sum, zip(*lost))
        return Finding(limit, windows, admitted, most, over, allowed, outside, offered, missing, max(one.worst for one in lost))

    def _lost(self, limit, stream):
        counts = by_window(limit, [admission.end for admission in self.admissions[stream]])
        sure = by_window(limit, [begin for begin, end in self.answered[stream] if begin // length(limit) == end // length(limit)])
        possible = [min(limit.most, requests) for requests in sure.values()]
        missing = [max(0, most - counts.get(window, 0)) for window, most in zip(sure, possible)]
        return Lost(len(sure), sum(possible), sum(missing), max(missing, default=0))

    def _lost_places(self, limit, stream):
        """Windows are seconds."""
        lost = verdict.refused_for_nothing(limit, self.refusals[stream], self.maybe[stream])
        second = limit._replace(seconds=1)
        seconds = by_window(second, [begin for begin, _ in self.answered[stream]])
        worst = by_window(second, [begin for begin, _ in lost])
        return Lost(len(seconds), len(self.admissions[stream]) + len(lost), len(lost), max(worst.values(), default=0))

    def crowded(self, limit):
        """A line for each calendar window that got more than the limit, by arrival: which nodes admitted how many of which key; and what would explain it."""
        for stream in self._of(limit):
            key = self.streams[stream][1]
            windows = {}
            for admission in self.admissions[stream] if limit.kind == verdict.FIXED else []:
                windows.setdefault(admission.end // length(limit), []).append(admission.node)
            for window, admitted in sorted(windows.items()):
                if len(admitted) > limit.most:
                    shares = ", ".join(f"node {node + 1}: {admitted.count(node)}" for node in sorted(set(admitted)))
                    begin = time.strftime("%H:%M:%S", time.gmtime(window * limit.seconds))
                    yield f"{limit.name}, key {key}, {begin}: {len(admitted)} of {limit.most} ({shares})"
            if limit.kind != PLACES and not may_exceed(limit) and verdict.over(limit, self.admissions[stream]):
                millis = verdict.explained_by(limit, self.admissions[stream])
                yield f"{limit.name}, key {key}: " + ("not explained by clocks" if millis is None else f"none too many if clocks were wrong by {millis} ms")

    def per_second(self, limit):
        """{second: {node: admitted}} by arrival, and {second: answered}."""
        admitted, answered = {}, {}
        for stream in self._of(limit):
            for admission in self.admissions[stream]:
                second = admitted.setdefault(admission.end // SECOND, {})
                second[admission.node] = second.get(admission.node, 0) + 1
            for _, end in self.answered[stream]:
                answered[end // SECOND] = answered.get(end // SECOND, 0) + 1
        return admitted, answered


def total(numbers):
    """None if all are none."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def judged(limit, admissions, stage):
    """Of one key: how many are surely too many, how many may be (None: none, ever), how many are beyond that."""
    over = verdict.over(limit, admissions)
    if is_available(limit):
        most = limit.most // 10
        owed = verdict.ahead(limit, admissions)
        return owed, most, max(0, owed - most)
    if is_open(limit) and stage.sides:
        return (over, over, beyond_sides(limit, admissions, stage)) if over else (0, 0, 0)
    if limit.seconds >= 3600 and stage.all_died:
        last = [admission for admission in admissions if admission.begin < stage.all_died < admission.end + SECOND]
        kept = [admission for admission in admissions if admission.end + SECOND <= stage.all_died or admission.begin >= stage.all_died]
        return over, len(last), verdict.over(limit, kept)
    return over, None, over


def beyond_sides(limit, admissions, stage):
    """Before the nodes were apart, and when they have been together for a while, all of them have one limit; else each side has its own."""
    before = [admission for admission in admissions if admission.end < stage.during[0] * SECOND]
    after = [admission for admission in admissions if admission.begin > (stage.during[1] + TOGETHER_SECONDS) * SECOND]
    sides = [[admission for admission in admissions if admission.node in side] for side in stage.sides]
    return sum(verdict.over(limit, each) for each in (before, after, *sides))


def may_exceed(limit):
    return is_available(limit) or is_open(limit)


def is_available(limit):
    return limit.config.get("mode") == "available"


def is_open(limit):
    return limit.config.get("peer_policy") == "open"


def said_window(limit, begin, end, reset):
    """The window that the node's RateLimit-Reset speaks of, or None if it does not tell the possible ones apart."""
    if limit.kind != verdict.FIXED or limit.seconds < 60 or reset < 0:
        return None
    first, last = begin // length(limit), end // length(limit)
    if last != first + 1:
        return None
    return first if reset <= limit.seconds // 2 else last
