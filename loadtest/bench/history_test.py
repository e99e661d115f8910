"""Histories whose verdict is known; run by `python3 -m unittest discover -s loadtest -p '*_test.py'`."""

import random
import unittest

from bench.history import SECOND, Admission, Limit, most_in_interval, over_fixed, over_sliding, said_window

THREE = Limit("three", 3, 1, False, 1, 1)
SLIDING = THREE._replace(sliding=True)
MINUTE = Limit("minute", 3, 60, False, 1, 1)


def at(*spans):
    return [Admission(int(begin * SECOND), int(end * SECOND), 0, None) for begin, end in spans]


class HistoryTest(unittest.TestCase):

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

    def test_finds_the_fullest_interval(self):
        self.assertEqual(most_in_interval(SLIDING, at((5.9, 5.91), (6.1, 6.11), (6.5, 6.51), (6.8, 6.81), (7.2, 7.21))), 4)
        self.assertEqual(over_sliding(SLIDING, at((5.9, 5.91), (6.1, 6.11), (6.5, 6.51), (6.8, 6.81), (7.2, 7.21))), 1)
        self.assertEqual(over_sliding(SLIDING, at((5.9, 6.95), (6.1, 6.11), (6.5, 6.51), (6.8, 6.81))), 0)


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
