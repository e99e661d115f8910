"""
Whether a history can be explained without a limit exceeded, whatever the moments of its decisions were: each was made between a request's
begin and its end (see history). Pure; times are nanoseconds.
"""

import heapq
import itertools
import math
from bisect import bisect_left, bisect_right
from collections import namedtuple

SECOND = 10**9
MILLI = 10**6
# Nodes know the time that they agree on to a millisecond each way.
MARGIN = 2 * MILLI

FIXED, SLIDING, BUCKET, PLACES = "fixed", "sliding", "bucket", "places"

Admission = namedtuple("Admission", "begin end node window")


def length(limit):
    return limit.seconds * SECOND


def windows_of(limit, admissions, margin=MARGIN):
    """The first and the last calendar window that each may belong to."""
    for admission in admissions:
        if admission.window is not None:
            yield admission.window, admission.window
        else:
            yield (admission.begin - margin) // length(limit), (admission.end + margin) // length(limit)


def over_fixed(limit, admissions, margin=MARGIN):
    """
    How many admissions are too many: the fewest that must be left out so that the others can each be given to a window which they may
    belong to and no window gets more than the limit. Earliest deadline first, which is optimal for jobs of one size.
    """
    jobs = sorted(windows_of(limit, admissions, margin))
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


def ahead(limit, admissions, margin=MARGIN):
    """By how many the windows that follow each other somewhere surely held more than their limits together: what was owed at the end of them."""
    jobs = list(windows_of(limit, admissions, margin))
    most = 0
    for first in sorted({first for first, _ in jobs}):
        ends = sorted(last for begin, last in jobs if begin >= first)
        for count, last in enumerate(ends, 1):
            most = max(most, count - (last - first + 1) * limit.most)
    return most


def most_in_interval(limit, admissions, margin=MARGIN):
    """The most admissions that surely lie in one interval of the window's length: begun after its start, at the upstream before its end."""
    ordered = sorted((admission.begin, admission.end) for admission in admissions)
    inside, most = [], 0
    # From the last start to the first: those that begin later are in the heap, those that end too late leave it for good.
    for begin, end in reversed(ordered):
        heapq.heappush(inside, -end)
        while inside and -inside[0] >= begin + length(limit) - margin:
            heapq.heappop(inside)
        most = max(most, len(inside))
    return most


def drawn_from_bucket(limit, admissions, margin=MARGIN):
    """
    How full a bucket must have been: the most, over all intervals, of the admissions that surely lie in one, less what flowed in
    during it and the margin. The limit flows in evenly over the period.
    """
    if not admissions:
        return 0
    epoch = min(admission.begin for admission in admissions)
    pace = limit.most / length(limit)
    begins = sorted({admission.begin for admission in admissions})
    starts = Highest(len(begins))
    most = 0
    # By end: of those that ended so far, each start of an interval knows how many began after it.
    for end, begin in sorted((admission.end, admission.begin) for admission in admissions):
        at = bisect_left(begins, begin)
        starts.use(at, pace * (begin - epoch))
        starts.add(at, 1)
        most = max(most, starts.highest() - pace * (end - epoch + margin))
    return most


class Highest:
    """Numbers of which beginnings are raised together, and the highest of those in use."""

    UNUSED = -1e9

    def __init__(self, size):
        self.size = 1 << max(0, size - 1).bit_length()
        self.best = [self.UNUSED] * (2 * self.size)
        self.more = [0.0] * (2 * self.size)
        self.used = set()

    def use(self, at, begin):
        if at not in self.used:
            self.used.add(at)
            self._raise(at + self.size, begin - self.UNUSED)
            self._renew((at + self.size) >> 1)

    def add(self, last, by):
        """To all from the first to this one."""
        left, right = self.size, last + self.size + 1
        edges = left, right - 1
        while left < right:
            if left & 1:
                self._raise(left, by)
                left += 1
            if right & 1:
                right -= 1
                self._raise(right, by)
            left, right = left >> 1, right >> 1
        for edge in edges:
            self._renew(edge >> 1)

    def highest(self):
        return self.best[1]

    def _raise(self, node, by):
        self.best[node] += by
        self.more[node] += by

    def _renew(self, node):
        while node:
            self.best[node] = max(self.best[2 * node], self.best[2 * node + 1]) + self.more[node]
            node >>= 1


def most_at_a_time(stays):
    """Of (begin, end): the most that were there at one moment. Who comes when another goes was not there with it."""
    events = sorted([(end, -1) for begin, end in stays if begin < end] + [(begin, 1) for begin, end in stays if begin < end])
    return max(itertools.accumulate(step for _, step in events), default=0)


def refused_for_nothing(limit, refusals, stays):
    """Of the refusals, (begin, end), those during which there was room all the time, whoever of the stays may have been there."""
    events = sorted([(begin, 1) for begin, _ in stays] + [(end, -1) for _, end in stays])
    times = [at for at, _ in events]
    there = [0, *itertools.accumulate(step for _, step in events)]
    return [(begin, end) for begin, end in refusals
            if max(there[bisect_left(times, begin):bisect_right(times, end) + 1]) < limit.most]


def most_used(limit, admissions, margin=MARGIN):
    """The most in one window or interval, or how full the bucket must have been."""
    if limit.kind == SLIDING:
        return most_in_interval(limit, admissions, margin)
    if limit.kind == BUCKET:
        return math.ceil(drawn_from_bucket(limit, admissions, margin) - 1e-6)
    return max(by_window(limit, [admission.end for admission in admissions]).values(), default=0)


def over(limit, admissions, margin=MARGIN):
    """How many are surely too many."""
    return over_fixed(limit, admissions, margin) if limit.kind == FIXED else max(0, most_used(limit, admissions, margin) - limit.most)


def explained_by(limit, admissions):
    """By how many milliseconds, up to 100, clocks would have to be wrong so that none is too many; None if not even that explains them."""
    for millis in range(MARGIN // MILLI, 101):
        if not over(limit, admissions, millis * MILLI):
            return millis
    return None


def by_window(limit, times):
    counts = {}
    for at in times:
        counts[at // length(limit)] = counts.get(at // length(limit), 0) + 1
    return counts
