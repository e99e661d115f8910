"""Histories whose verdict is known; run by `python3 -m unittest discover -s loadtest -p '*_test.py'`."""

import math
import random
import unittest
from collections import namedtuple

from bench import verdict
from bench.history import History, Limit, judged, said_window
from bench.verdict import BUCKET, FIXED, PLACES, SECOND, SLIDING, Admission, ahead, most_in_interval, over, over_fixed

THREE = Limit("three", 3, 1, FIXED, 1, 1)
SLIDES = THREE._replace(kind=SLIDING)
FLOWS = Limit("flows", 4, 1, BUCKET, 1, 1)
MINUTE = Limit("minute", 3, 60, FIXED, 1, 1)
HOUR = Limit("hour", 3, 3600, FIXED, 1, 1)
PLACE = Limit("place", 2, 0, PLACES, 1, 1, (50, 750))
Stage = namedtuple("Stage", "during sides all_died", defaults=(None, [], None))


def at(*spans, node=0):
    return [Admission(int(begin * SECOND), int(end * SECOND), node, None) for begin, end in spans]


def brief(*moments):
    return at(*[(moment, moment + 0.001) for moment in moments])


class CalendarTest(unittest.TestCase):

    def test_counts_what_lies_in_one_window_for_sure(self):
        self.assertEqual(over_fixed(THREE, at((5.1, 5.2), (5.3, 5.4), (5.5, 5.6))), 0)
        self.assertEqual(over_fixed(THREE, at((5.1, 5.2), (5.3, 5.4), (5.5, 5.6), (5.7, 5.8), (5.8, 5.9))), 2)

    def test_gives_a_request_over_the_turn_to_the_window_that_has_room(self):
        turn = (5.9, 6.1)
        self.assertEqual(over_fixed(THREE, at((5.1, 5.2), (5.3, 5.4), (5.5, 5.6), turn, turn, turn)), 0)
        self.assertEqual(over_fixed(THREE, at((5.1, 5.2), (5.3, 5.4), (5.5, 5.6), turn, turn, turn, turn)), 1)

    def test_agrees_with_trying_everything(self):
        dice = random.Random(7)
        for _ in range(200):
            spans = [(begin, begin + dice.choice((0.01, 0.6, 1.5))) for begin in (10 + dice.random() * 3 for _ in range(9))]
            admissions = at(*spans)
            two = THREE._replace(most=2)
            self.assertEqual(over_fixed(two, admissions, 0), len(spans) - largest([(int(a), int(b)) for a, b in spans], 2))

    def test_goes_by_what_the_node_says_about_a_minute(self):
        self.assertEqual(said_window(MINUTE, 59 * SECOND, 61 * SECOND, 1), 0)
        self.assertEqual(said_window(MINUTE, 59 * SECOND, 61 * SECOND, 60), 1)
        self.assertIsNone(said_window(MINUTE, 61 * SECOND, 62 * SECOND, 60))

    def test_tells_how_wrong_clocks_would_have_been(self):
        self.assertEqual(verdict.explained_by(THREE, brief(5.1, 5.3, 5.5, 5.99)), 9)
        self.assertEqual(verdict.explained_by(SLIDES, brief(5.1, 5.3, 5.5, 6.09)), 9)
        self.assertEqual(verdict.explained_by(THREE, brief(5.1, 5.3, 5.5)), 2)
        self.assertIsNone(verdict.explained_by(THREE, brief(5.3, 5.4, 5.5, 5.6)))

    def test_an_hour_holds_its_limit_once(self):
        self.assertEqual(over(HOUR, brief(10, 900, 3598)), 0)
        self.assertEqual(over(HOUR, brief(10, 900, 3598, 3602, 3605, 3700)), 0)
        self.assertEqual(over(HOUR, brief(10, 900, 2000, 3598)), 1)


class SlidingTest(unittest.TestCase):

    def test_finds_the_fullest_interval(self):
        self.assertEqual(most_in_interval(SLIDES, at((5.9, 5.91), (6.1, 6.11), (6.5, 6.51), (6.8, 6.81), (7.2, 7.21))), 4)
        self.assertEqual(over(SLIDES, at((5.9, 5.91), (6.1, 6.11), (6.5, 6.51), (6.8, 6.81), (7.2, 7.21))), 1)
        self.assertEqual(over(SLIDES, at((5.9, 6.95), (6.1, 6.11), (6.5, 6.51), (6.8, 6.81))), 0)


class BucketTest(unittest.TestCase):

    def test_may_be_emptied_at_once_and_then_at_its_pace(self):
        self.assertEqual(over(FLOWS, brief(5, 5.002, 5.004, 5.006, 5.25, 5.5, 5.75, 6, 6.25)), 0)

    def test_finds_one_more_than_it_held(self):
        self.assertEqual(over(FLOWS, brief(5, 5.002, 5.004, 5.006, 5.008)), 1)
        self.assertEqual(over(FLOWS, brief(*[5 + 0.002 * i for i in range(7)])), 3)

    def test_finds_a_pace_that_is_a_little_too_fast(self):
        self.assertEqual(over(FLOWS, brief(*[5 + 0.25 * i for i in range(60)])), 0)
        self.assertEqual(over(FLOWS, brief(*[5 + 0.22 * i for i in range(60)])), 5)

    def test_finds_what_was_filled_twice_in_a_period(self):
        self.assertEqual(over(FLOWS, brief(5, 5.002, 5.004, 5.006, 5.5, 5.502, 5.504, 5.506)), 2)

    def test_does_not_blame_who_may_have_been_decided_earlier(self):
        self.assertEqual(over(FLOWS, brief(5, 5.002, 5.004, 5.006) + at((3, 5.007))), 0)

    def test_allows_for_clocks(self):
        self.assertEqual(over(FLOWS, brief(5, 5.001, 5.002, 5.003, 5.2488)), 0)
        self.assertEqual(over(FLOWS, brief(5, 5.001, 5.002, 5.003, 5.24)), 1)

    def test_agrees_with_trying_all_pairs(self):
        dice = random.Random(3)
        for _ in range(100):
            admissions = at(*[(begin, begin + dice.choice((0.001, 0.03, 0.5))) for begin in (10 + dice.random() * 4 for _ in range(40))])
            pace = FLOWS.most / SECOND
            slow = max(sum(1 for one in admissions if start <= one.begin and one.end <= end) - pace * (end - start + verdict.MARGIN)
                       for start in {one.begin for one in admissions} for end in {one.end for one in admissions} if start <= end)
            self.assertAlmostEqual(verdict.drawn_from_bucket(FLOWS, admissions), max(0, slow), 4)
            self.assertEqual(over(FLOWS, admissions), max(0, math.ceil(slow - 1e-6) - FLOWS.most))


class PlacesTest(unittest.TestCase):

    def finding(self, *calls):
        """Calls: when the client began, when the upstream had it and was done with it, when the client had its answer, and that."""
        history = History([(PLACE, 0)])
        for begin, came, left, end, status in calls:
            arrival = None if came is None else [int(came * SECOND), int(left * SECOND)]
            history.take(arrival, 0, 0, int(begin * SECOND), int(end * SECOND), status, -1)
        return history.findings([PLACE], Stage())[0]

    def test_finds_one_too_many_at_a_time(self):
        self.assertEqual(self.finding((1, 1.1, 2, 2.1, 200), (1, 1.2, 2, 2.1, 200), (1, 1.3, 2, 2.1, 200)).outside, 1)

    def test_one_after_the_other_are_not_too_many(self):
        found = self.finding((1, 1.1, 2, 2.1, 200), (1, 1.2, 2, 2.1, 200), (1.9, 2, 3, 3.1, 200), (1.9, 2.1, 3, 3.1, 200))
        self.assertEqual((found.most, found.outside, found.lost), (2, 0, 0))

    def test_whose_client_has_gone_is_not_surely_there(self):
        self.assertEqual(self.finding((1, 1.1, 2, 2.1, 200), (1, 1.1, 2, 1.5, 0), (1.5, 1.6, 3, 3.1, 200)).outside, 0)
        self.assertEqual(self.finding((1, 1.1, 2, 2.1, 200), (1, 1.1, 2, 1.7, 0), (1.5, 1.6, 3, 3.1, 200)).outside, 1)

    def test_what_a_killed_node_had_ends_with_its_connection(self):
        self.assertEqual(self.finding((1, 1.1, 1.5, 1.6, 0), (1, 1.1, 1.5, 1.6, 0), (1, 1.5, 3, 3.1, 200), (1, 1.5, 3, 3.1, 200)).outside, 0)

    def test_counts_who_was_refused_while_there_was_room(self):
        held = (1, 1.1, 3, 3.1, 200)
        found = self.finding(held, (2, None, None, 2.1, 429))
        self.assertEqual((found.lost, found.offered, found.worst), (1, 2, 1))
        self.assertEqual(self.finding(held, held, (2, None, None, 2.1, 429)).lost, 0)
        self.assertEqual(self.finding(held, (1, 1.1, 2.04, 2.05, 200), (2, None, None, 2.1, 429)).lost, 0)


class ModesTest(unittest.TestCase):

    TEN = THREE._replace(most=10, config={"mode": "available"})
    OPEN = THREE._replace(config={"peer_policy": "open"})

    def test_available_may_owe_a_tenth(self):
        paid = brief(*[5.1 + 0.05 * i for i in range(11)], *[6.1 + 0.05 * i for i in range(9)], *[7.1 + 0.05 * i for i in range(11)])
        self.assertEqual(judged(self.TEN, paid, Stage()), (1, 1, 0))

    def test_available_must_pay(self):
        unpaid = brief(*[5.1 + 0.05 * i for i in range(11)], *[6.1 + 0.05 * i for i in range(11)])
        self.assertEqual(judged(self.TEN, unpaid, Stage()), (2, 1, 1))
        self.assertEqual(judged(self.TEN, brief(*[5.1 + 0.05 * i for i in range(13)]), Stage()), (3, 1, 2))

    def test_what_was_owed_is_counted_from_any_window(self):
        self.assertEqual(ahead(THREE, brief(1.1, 5.1, 5.2, 5.3, 5.4, 6.1, 6.2, 6.3, 6.4, 9.1)), 2)

    def test_each_side_of_a_split_has_the_limit(self):
        stage = Stage((5, 9), [{0, 1}, {2}])
        both = at((6.1, 6.2), (6.2, 6.3), (6.3, 6.4)) + at((6.1, 6.2), (6.2, 6.3), (6.3, 6.4), node=2)
        self.assertEqual(judged(self.OPEN, both, stage), (3, 3, 0))
        self.assertEqual(judged(self.OPEN, both + at((6.5, 6.6), node=1), stage), (4, 4, 1))

    def test_before_the_split_all_sides_have_one(self):
        stage = Stage((8, 9), [{0, 1}, {2}])
        both = at((6.1, 6.2), (6.2, 6.3), (6.3, 6.4)) + at((6.1, 6.2), node=2)
        self.assertEqual(judged(self.OPEN, both, stage), (1, 1, 1))

    def test_and_so_they_have_when_it_has_been_over_for_a_while(self):
        both = at((30.1, 30.2), (30.2, 30.3), (30.3, 30.4)) + at((30.1, 30.2), node=2)
        self.assertEqual(judged(self.OPEN, both, Stage((8, 20), [{0, 1}, {2}])), (1, 1, 0))
        self.assertEqual(judged(self.OPEN, both, Stage((8, 12), [{0, 1}, {2}])), (1, 1, 1))

    def test_share_and_closed_may_never_be_above(self):
        for config in ({}, {"peer_policy": "closed"}):
            above = brief(6.1, 6.2, 6.3, 6.4)
            self.assertEqual(judged(THREE._replace(config=config), above, Stage((5, 9), [{0, 1}, {2}])), (1, None, 1))

    def test_all_nodes_forget_the_last_second_before_they_die_together(self):
        stage = Stage((100, 120), [], 100 * SECOND)
        self.assertEqual(judged(HOUR, brief(90, 99.5, 99.7, 130, 140), stage), (2, 2, 0))
        self.assertEqual(judged(HOUR, brief(90, 98, 99.5, 130, 140), stage), (2, 1, 1))
        self.assertEqual(judged(HOUR, brief(90, 98, 130, 140), Stage((100, 120))), (1, None, 1))


def largest(jobs, most):
    """The most jobs that fit, by trying all ways."""
    best, full = 0, {}

    def place(at, placed):
        nonlocal best
        best = max(best, placed)
        if at == len(jobs) or placed + len(jobs) - at <= best:
            return
        for window in range(jobs[at][0], jobs[at][1] + 1):
            if full.get(window, 0) < most:
                full[window] = full.get(window, 0) + 1
                place(at + 1, placed + 1)
                full[window] -= 1
        place(at + 1, placed)

    place(0, 0)
    return best


if __name__ == "__main__":
    unittest.main()
