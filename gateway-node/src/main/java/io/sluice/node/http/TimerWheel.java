package io.sluice.node.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deadlines of one event loop, coarse (10 ms) and cheap: most deadlines are moved forward again and again and never reached.
 *
 * <p>A hashed wheel of {@value #SLOTS} slots of doubly linked deadlines. Moving a deadline to a later time only writes a
 * field; it is put into its new slot when the wheel reaches the old one. Moving it to an earlier time re-links it. Used on the
 * loop's thread only. Source: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987, scheme 6.
 */
public final class TimerWheel {

    private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);

    static final int SLOTS = 1024;
    private static final long TICK_NANOS = 10_000_000;

    private final Deadline[] slots = new Deadline[SLOTS];
    private final Deadline due = Deadline.ring();
    private final long origin;
    private long tick;
    private int linked;

    /** No slot before this one has a deadline; may be too early, never too late. */
    private long earliest = Long.MAX_VALUE;

    TimerWheel(long now) {
        origin = now;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = Deadline.ring();
        }
    }

    /** A moment after which an action runs once, unless moved or cleared before. */
    public static final class Deadline {
        private final Runnable action;
        private long at = Long.MAX_VALUE;
        private long slotTick = -1;
        private Deadline next;
        private Deadline previous;

        /** A deadline that is not set. */
        @SuppressWarnings("ThisEscaped")
        public Deadline(Runnable action) {
            this.action = action;
            this.next = this;
            this.previous = this;
        }

        private static Deadline ring() {
            return new Deadline(() -> {});
        }

        /** Whether it is set. */
        public boolean set() {
            return at != Long.MAX_VALUE;
        }
    }

    /** Sets or moves a deadline to that many milliseconds after {@code now} (a {@link System#nanoTime}). */
    public void set(Deadline deadline, long now, long millis) {
        deadline.at = now + millis * 1_000_000;
        long due = tickOf(deadline.at);
        if (deadline.slotTick >= 0) {
            if (due >= deadline.slotTick) {
                return;
            }
            unlink(deadline);
        }
        link(deadline, Math.max(due, tick + 1));
    }

    /** The deadline will not fire. */
    public void clear(Deadline deadline) {
        deadline.at = Long.MAX_VALUE;
    }

    /** Forgets the deadline at once, so that nothing keeps what its action refers to. */
    public void remove(Deadline deadline) {
        deadline.at = Long.MAX_VALUE;
        if (deadline.slotTick >= 0) {
            unlink(deadline);
        }
    }

    void advance(long now) {
        long target = (now - origin) / TICK_NANOS;
        if (target < earliest) {
            tick = Math.max(tick, target);
            return;
        }
        while (tick < target) {
            tick++;
            collect(slots[(int) (tick & (SLOTS - 1))]);
        }
        earliest = earliestSlot();
        while (due.next != due) {
            Deadline deadline = due.next;
            unlink(deadline);
            if (deadline.at <= now) {
                deadline.at = Long.MAX_VALUE;
                run(deadline.action);
            } else if (deadline.set()) {
                link(deadline, Math.max(tickOf(deadline.at), tick + 1));
            }
        }
    }

    /** One that fails must not hold up the others. */
    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.error("event loop timer failed", e);
        }
    }

    /** Moves what is due in a slot to the list of due ones; deadlines of later turns of the wheel stay. */
    private void collect(Deadline slot) {
        Deadline deadline = slot.next;
        while (deadline != slot) {
            Deadline following = deadline.next;
            if (deadline.slotTick <= tick) {
                unlink(deadline);
                insert(deadline, due, tick);
            }
            deadline = following;
        }
    }

    private long earliestSlot() {
        if (linked == 0) {
            return Long.MAX_VALUE;
        }
        for (long t = tick + 1; t < tick + SLOTS; t++) {
            Deadline slot = slots[(int) (t & (SLOTS - 1))];
            if (slot.next != slot) {
                return t;
            }
        }
        return tick + SLOTS;
    }

    /** How long a selector may wait: 0 (for ever) without timers, else at least 1. */
    long millisUntilNext(long now) {
        if (earliest == Long.MAX_VALUE) {
            return 0;
        }
        return Math.max(1, (origin + earliest * TICK_NANOS - now + 999_999) / 1_000_000);
    }

    private long tickOf(long at) {
        return (at - origin + TICK_NANOS - 1) / TICK_NANOS;
    }

    private void link(Deadline deadline, long dueTick) {
        insert(deadline, slots[(int) (dueTick & (SLOTS - 1))], dueTick);
        earliest = Math.min(earliest, dueTick);
    }

    private void insert(Deadline deadline, Deadline ring, long dueTick) {
        deadline.slotTick = dueTick;
        deadline.next = ring;
        deadline.previous = ring.previous;
        ring.previous.next = deadline;
        ring.previous = deadline;
        linked++;
    }

    private void unlink(Deadline deadline) {
        deadline.previous.next = deadline.next;
        deadline.next.previous = deadline.previous;
        deadline.next = deadline;
        deadline.previous = deadline;
        deadline.slotTick = -1;
        linked--;
    }
}
