package io.sluice.state.membership;

import java.util.concurrent.TimeUnit;

/**
 * The machine's clock without its steps: it runs with nanoTime and is led to the wall clock by at most one part in a thousand, so that
 * the others have measured how far it is off before it is off by much more. Only a difference of a minute or more, as after a machine
 * has slept, is taken over at once. One thread.
 */
final class SteadyClock {

    private static final long FAR_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int SLOWNESS = 1000;

    private static final long SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private long off;
    private boolean slept;
    private long nano;
    private long time;

    /** Begins with the wall clock's time. */
    SteadyClock(long nano, long wallMillis) {
        this.nano = nano;
        this.time = TimeUnit.MILLISECONDS.toNanos(wallMillis);
    }

    /**
     * Looks at the wall clock.
     *
     * @return by how many milliseconds this clock was stepped; 0 as a rule
     */
    long follow(long now, long wallMillis) {
        long shown = time + now - nano;
        long before = off;
        off = TimeUnit.MILLISECONDS.toNanos(wallMillis) - shown;
        slept = off - before >= SLEEP_NANOS;
        long most = Math.max(0, now - nano) / SLOWNESS;
        boolean far = Math.abs(off) >= FAR_NANOS;
        nano = now;
        long change = far ? off : Math.max(-most, Math.min(most, off));
        time = shown + change;
        off -= change;
        return far ? TimeUnit.NANOSECONDS.toMillis(change) : 0;
    }

    /**
     * Whether the wall clock ran ahead by seconds between the last two looks: it was set, or the machine was suspended, of which
     * nanoTime need not know.
     */
    boolean slept() {
        return slept;
    }

    /** What it shows, in milliseconds since 1970. */
    long millis(long now) {
        return TimeUnit.NANOSECONDS.toMillis(time + now - nano);
    }
}
