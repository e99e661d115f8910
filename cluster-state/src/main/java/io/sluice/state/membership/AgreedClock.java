package io.sluice.state.membership;

import java.util.concurrent.TimeUnit;

/**
 * A clock that is corrected from time to time and never goes back once it is in use: a correction forwards is a jump, one backwards
 * makes it run at half its speed until it is right. Readers need one volatile read. Any thread.
 */
final class AgreedClock {

    /**
     * Time from a moment on.
     *
     * @param nano the moment, on the scale of nanoTime
     * @param time what the clock shows then, nanoseconds since 1970
     * @param slowFor nanoseconds of half speed from then on
     */
    private record Line(long nano, long time, long slowFor) {

        long at(long now) {
            long since = Math.max(0, now - nano);
            return time + since - Math.min(since, slowFor) / 2;
        }
    }

    private volatile Line line;

    AgreedClock(long nano, long millis) {
        this.line = new Line(nano, TimeUnit.MILLISECONDS.toNanos(millis), 0);
    }

    /** Corrects it: at the moment given it should show the time given. */
    synchronized void aim(long nano, long millis) {
        long shown = line.at(nano);
        long wanted = TimeUnit.MILLISECONDS.toNanos(millis);
        line = new Line(nano, Math.max(shown, wanted), 2 * Math.max(0, shown - wanted));
    }

    /** Sets it, also backwards: at the moment given it shows the time given. For a clock that nothing was counted by yet. */
    synchronized void set(long nano, long millis) {
        line = new Line(nano, TimeUnit.MILLISECONDS.toNanos(millis), 0);
    }

    boolean aimedBefore(long nano) {
        return line.nano - nano < 0;
    }

    /** What it shows, in milliseconds since 1970. */
    long millis(long nano) {
        return TimeUnit.NANOSECONDS.toMillis(line.at(nano));
    }
}
