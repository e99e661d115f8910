package io.sluice.state.limit;

import java.util.PriorityQueue;

/** Time that passes only from one planned event to the next; events of the same moment happen in the order of their planning. */
final class VirtualTime {

    private record Event(long micros, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(micros, other.micros);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long order;

    /** Microseconds since the start. */
    long now() {
        return now;
    }

    void at(long micros, Runnable action) {
        events.add(new Event(micros, order++, action));
    }

    void every(long micros, Runnable action) {
        at(now + micros, () -> {
            action.run();
            every(micros, action);
        });
    }

    /** Lets all happen up to a moment. */
    void run(long untilMicros) {
        while (!events.isEmpty() && events.peek().micros() <= untilMicros) {
            Event next = events.poll();
            now = Math.max(now, next.micros());
            next.action().run();
        }
        now = untilMicros;
    }
}
