package io.sluice.node.dns;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** An agenda whose time passes when the test says so. */
public final class ManualAgenda implements Agenda {

    private record Item(long at, long number, Runnable task) {}

    private final PriorityQueue<Item> items =
            new PriorityQueue<>(Comparator.comparingLong(Item::at).thenComparingLong(Item::number));
    private long now;
    private long added;

    @Override
    public void add(Runnable task) {
        items.add(new Item(now, added++, task));
    }

    @Override
    public void add(Duration delay, Runnable task) {
        items.add(new Item(now + delay.toNanos(), added++, task));
    }

    @Override
    public long now() {
        return now;
    }

    /** Does what is due. */
    public void run() {
        pass(Duration.ZERO);
    }

    /** Lets time pass and does what becomes due, in order. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        for (Item next = items.peek(); next != null && next.at <= end; next = items.peek()) {
            items.remove();
            now = Math.max(now, next.at);
            next.task.run();
        }
        now = end;
    }

    @Override
    public void close() {
        items.clear();
    }
}
