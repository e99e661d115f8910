"""
What a run shows about the limits. An admission is a request that the upstream saw or that was answered 200; it was decided at some
moment between the client's first byte and the request's arrival at the upstream (or the end of the response, if that is earlier), on the one clock of
this machine. Everything here is about what holds whatever those moments were.
"""

import heapq
import time
from collections import namedtuple

SECOND = 10**9
# Fixed windows go by the time that nodes agree on, which they know to a millisecond each way.
MARGIN = 2_000_000

Limit = namedtuple("Limit", "name most seconds sliding keys rate")
Admission = namedtuple("Admission", "begin end node window")
Finding = namedtuple("Finding", "limit windows admitted most over offered lost worst")


class History:
    """The requests of one run, by stream: a limit and one of its keys."""

    def __init__(self, streams):
        self.streams = streams
        self.admissions = [[] for _ in streams]
        self.answered = [[] for _ in streams]
        self.statuses = {}

    @classmethod
    def read(cls, streams, crowd_path, arrivals_path, run):
        """streams: (limit, key) in the order of the plan."""
        history, arrivals = cls(streams), {}
        marker = f"/{run}/"
        with open(arrivals_path, encoding="ascii") as file:
            for line in file:
                path, _, at = line.partition(" ")
                if marker in path:
                    arrivals.setdefault(path, int(at))  # a second one would be a node's second try
        with open(crowd_path, encoding="ascii") as file:
            for line in file:
                path, *numbers = line.split()
                history.take(arrivals.get(path), *map(int, numbers))
        return history

    def take(self, arrival, stream, node, begin, end, status, reset):
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status in (200, 429):
            self.answered[stream].append((begin, end))
        if arrival is None and status != 200:
            return
        latest = end if arrival is None else min(arrival, end) if status == 200 else arrival
        limit = self.streams[stream][0]
        self.admissions[stream].append(Admission(begin, latest, node, said_window(limit, begin, latest, reset)))

    def findings(self, limits):
        return [self._finding(limit) for limit in limits]

    def _finding(self, limit):
        windows = admitted = most = over = offered = lost = worst = 0
        for stream, (one, _) in enumerate(self.streams):
            if one != limit:
                continue
            admissions = self.admissions[stream]
            admitted += len(admissions)
            over += over_sliding(limit, admissions) if limit.sliding else over_fixed(limit, admissions)
            counts = by_window(limit, [admission.end for admission in admissions])
            most = max([most, most_in_interval(limit, admissions) if limit.sliding else max(counts.values(), default=0)])
            sure = by_window(limit, [begin for begin, end in self.answered[stream] if begin // length(limit) == end // length(limit)])
            for window, requests in sure.items():
                possible = min(limit.most, requests)
                missing = max(0, possible - counts.get(window, 0))
                windows, offered, lost, worst = windows + 1, offered + possible, lost + missing, max(worst, missing)
        return Finding(limit, windows, admitted, most, over, offered, lost, worst)

    def crowded(self, limit):
        """A line for each calendar window that got more than the limit, by arrival: which nodes admitted how many of which key."""
        for stream, (one, key) in enumerate(self.streams):
            if one != limit or limit.sliding:
                continue
            windows = {}
            for admission in self.admissions[stream]:
                windows.setdefault(admission.end // length(limit), []).append(admission.node)
            for window, admitted in sorted(windows.items()):
                if len(admitted) > limit.most:
                    shares = ", ".join(f"node {node + 1}: {admitted.count(node)}" for node in sorted(set(admitted)))
                    begin = time.strftime("%H:%M:%S", time.gmtime(window * limit.seconds))
                    yield f"{limit.name}, key {key}, {begin}: {len(admitted)} of {limit.most} ({shares})"

    def per_second(self, limit):
        """{second: {node: admitted}} by arrival, and {second: answered}."""
        admitted, answered = {}, {}
        for stream, (one, _) in enumerate(self.streams):
            if one == limit:
                for admission in self.admissions[stream]:
                    second = admitted.setdefault(admission.end // SECOND, {})
                    second[admission.node] = second.get(admission.node, 0) + 1
                for _, end in self.answered[stream]:
                    answered[end // SECOND] = answered.get(end // SECOND, 0) + 1
        return admitted, answered


def length(limit):
    return limit.seconds * SECOND


def by_window(limit, times):
    counts = {}
    for at in times:
        counts[at // length(limit)] = counts.get(at // length(limit), 0) + 1
    return counts


def said_window(limit, begin, end, reset):
    """The window that the node's RateLimit-Reset speaks of, or None if it does not tell the possible ones apart."""
    first, last = begin // length(limit), end // length(limit)
    if limit.sliding or limit.seconds < 60 or reset < 0 or last != first + 1:
        return None
    return first if reset <= limit.seconds // 2 else last


def over_fixed(limit, admissions, margin=MARGIN):
    """
    How many admissions are too many: the fewest that must be left out so that the others can each be given to a window which they may
    belong to and no window gets more than the limit. Earliest deadline first, which is optimal for jobs of one size.
    """
    jobs = sorted((admission.window, admission.window) if admission.window is not None
                  else ((admission.begin - margin) // length(limit), (admission.end + margin) // length(limit)) for admission in admissions)
    over, at, window, waiting = 0, 0, None, []
    while at < len(jobs) or waiting:
        window = jobs[at][0] if not waiting else window + 1
        while at < len(jobs) and jobs[at][0] <= window:
            heapq.heappush(waiting, jobs[at][1])
            at += 1
        while waiting and waiting[0] < window:
            heapq.heappop(waiting)
            over += 1
        for _ in range(min(limit.most, len(waiting))):
            heapq.heappop(waiting)
    return over


def most_in_interval(limit, admissions, margin=MARGIN):
    """The most admissions that surely lie in one interval of the window's length: begun after its start, at the upstream before its end."""
    ordered = sorted((admission.begin, admission.end) for admission in admissions)
    inside, most, at = [], 0, len(ordered)
    # From the last start to the first: those that begin later are in the heap, those that end too late leave it for good.
    for begin, end in reversed(ordered):
        heapq.heappush(inside, -end)
        while inside and -inside[0] >= begin + length(limit) - margin:
            heapq.heappop(inside)
        most = max(most, len(inside))
    return most


def over_sliding(limit, admissions):
    return max(0, most_in_interval(limit, admissions) - limit.most)
