package io.sluice.state.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When requests were let through: in milliseconds by the clock of the node that decided, and on the right clock. */
final class Admissions {

    private final List<Long> shown = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final List<Long> offered = new ArrayList<>();
    private final Map<Long, Long> offeredBySecond = new HashMap<>();

    void add(Outcome outcome, long time) {
        if (outcome.admitted()) {
            shown.add(outcome.time());
            times.add(time);
        }
    }

    /** A request came, so many microseconds after the start. */
    void offered(long micros) {
        offered.add(micros);
        offeredBySecond.merge(micros / 1_000_000, 1L, Long::sum);
    }

    /** How many of those that came from a moment on one who knows all would let through of a limit that slides. */
    long possible(long limit, long windowMicros, long fromMicros) {
        Deque<Long> locked = new ArrayDeque<>();
        long possible = 0;
        for (long at : offered) {
            while (!locked.isEmpty() && locked.peek() <= at - windowMicros) {
                locked.remove();
            }
            if (locked.size() < limit) {
                locked.add(at);
                possible += at >= fromMicros ? 1 : 0;
            }
        }
        return possible;
    }

    long offeredIn(long second) {
        return offeredBySecond.getOrDefault(second, 0L);
    }

    int size() {
        return times.size();
    }

    /** How many each window of this length has, by its number; a window is what the node that decided took it for. */
    Map<Long, Long> byWindow(long windowMillis) {
        Map<Long, Long> counts = new HashMap<>();
        shown.forEach(time -> counts.merge(time / windowMillis, 1L, Long::sum));
        return counts;
    }

    /** The most that any interval of this length has. */
    long mostInAnyInterval(long millis) {
        List<Long> sorted = times.stream().sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.size(); last++) {
            while (sorted.get(last) - sorted.get(first) >= millis) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** The most that any interval has above what flowed in meanwhile: a bucket's level if it only runs over. */
    double mostAbove(double perSecond) {
        double level = 0;
        double most = 0;
        long last = 0;
        for (long time : times.stream().sorted().toList()) {
            level = Math.max(0, level - (time - last) / 1e3 * perSecond) + 1;
            last = time;
            most = Math.max(most, level);
        }
        return most - 1e-6;
    }
}
