package io.sluice.state.health;

import io.sluice.state.health.Healthchecks.Passive;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of one address where requests meet what decides about it.
 *
 * <p>Requests count here, by atomics only, and when a limit is reached the node stops using the address in the same instruction. The
 * keeper is told that something has changed, not what: it is told again only after it has looked. What it decides it sets here.
 */
final class TargetCell implements TargetHealth {

    private static final int VERDICT_DOWN = 1;
    private static final int OWN_DOWN = 2;
    private static final int OWN_UP = 4;
    /** The upstream has no health checks. */
    private static final int UNCHECKED = 8;

    /** Bits of a counter, in the order successes, TCP, timeouts, HTTP, timeouts of connecting from the lowest; limits are below 256. */
    private static final int BITS = 12;

    private static final long ONE_COUNTER = (1L << BITS) - 1;
    private static final long MOST = ONE_COUNTER;

    /** Several times what the owner of an address needs to connect and to tell everybody. */
    private static final long SUSPICION_NANOS = 100_000_000;

    /** So long before the first second that no success is ever recent. */
    private static final int NEVER = Integer.MIN_VALUE / 2;

    private final TargetAddress address;
    private final IntSupplier seconds;
    private final Consumer<TargetCell> changed;
    private final AtomicInteger state = new AtomicInteger();
    private final AtomicLong counters = new AtomicLong();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable Passive passive;
    private volatile int lastSuccess = NEVER;
    private volatile Failure flippedBy = Failure.TCP;
    private volatile boolean suspected;
    private volatile long suspectUntil;
    private volatile boolean left;

    /**
     * Of an address that is up.
     *
     * @param seconds a clock that is cheap to read
     * @param changed told on the thread of a request; must not block
     */
    TargetCell(TargetAddress address, IntSupplier seconds, Consumer<TargetCell> changed) {
        this.address = address;
        this.seconds = seconds;
        this.changed = changed;
    }

    @Override
    public boolean usable() {
        int now = state.get();
        return (now & (VERDICT_DOWN | OWN_DOWN)) == 0 || (now & (OWN_UP | UNCHECKED)) != 0;
    }

    @Override
    public boolean suspect(long now) {
        if (!suspected) {
            return false;
        }
        if (suspectUntil - now > 0) {
            return true;
        }
        suspected = false; // a failure of this very moment may get lost here: the next one suspects again
        return false;
    }

    /** Others are preferred for as long as it takes to find out, be it by {@link HealthDecisions} or by the next request. */
    void suspect() {
        suspectUntil = System.nanoTime() + SUSPICION_NANOS;
        suspected = true;
    }

    @Override
    public void responded(int status) {
        Passive rules = passive;
        if (rules == null) {
            return;
        }
        if (rules.healthy().statuses().contains(status)) {
            succeeded(rules);
        } else if (rules.unhealthy().statuses().contains(status)) {
            failed(rules, Failure.HTTP);
        }
    }

    @Override
    public void failed(Failure failure) {
        Passive rules = passive;
        if (rules != null) {
            failed(rules, failure);
        }
    }

    @Override
    public void left() {
        Passive rules = passive;
        if (rules != null && rules.unhealthy().limit(Failure.TCP) > 0 && usable()) {
            suspect();
            left = true;
            tell();
        }
    }

    private void succeeded(Passive rules) {
        int now = seconds.getAsInt();
        if (lastSuccess != now) {
            lastSuccess = now;
        }
        if (usable()) {
            if (counters.get() > MOST && counters.getAndUpdate(TargetCell::withoutFailures) > MOST) {
                tell();
            }
        } else if (rules.healthy().successes() > 0) {
            long next = counters.updateAndGet(
                    old -> Math.min(MOST, (old & ONE_COUNTER) + 1)); // the others are 0 from here on
            if (next >= rules.healthy().successes()) {
                tell();
            }
        }
    }

    private static long withoutFailures(long counters) {
        return counters & ONE_COUNTER;
    }

    private void failed(Passive rules, Failure failure) {
        int limit = rules.unhealthy().limit(failure);
        if (limit == 0 || !usable()) {
            return;
        }
        int shift = shift(failure.counted());
        long next = failure == Failure.CONNECT_TIMEOUT
                ? counters.updateAndGet(
                        old -> incremented(incremented(old & ~ONE_COUNTER, shift), shift(Failure.CONNECT_TIMEOUT)))
                : counters.updateAndGet(old -> incremented(old & ~ONE_COUNTER, shift));
        if (failure.isOfConnection()) {
            suspect();
        }
        if ((next >> shift & ONE_COUNTER) >= limit) {
            flippedBy = failure;
            state.updateAndGet(
                    old -> (old & VERDICT_DOWN) != 0 && (old & OWN_UP) == 0 ? old : old & ~OWN_UP | OWN_DOWN);
        }
        tell();
    }

    private static long incremented(long counters, int shift) {
        return (counters >> shift & ONE_COUNTER) >= MOST ? counters : counters + (1L << shift);
    }

    private static int shift(Failure failure) {
        return switch (failure) {
            case TCP -> BITS;
            case TIMEOUT -> 2 * BITS;
            case HTTP -> 3 * BITS;
            case CONNECT_TIMEOUT -> 4 * BITS;
        };
    }

    private void tell() {
        if (!told.get() && told.compareAndSet(false, true)) {
            changed.accept(this);
        }
    }

    TargetAddress address() {
        return address;
    }

    /** From now on it is told again of changes: to be called before looking. */
    void look() {
        told.set(false);
    }

    /** Whether its connections have ended since this was asked last. */
    boolean hasLeft() {
        boolean now = left;
        if (now) {
            left = false;
        }
        return now;
    }

    Evidence evidence() {
        long now = counters.get();
        return new Evidence(
                (int) (now & ONE_COUNTER),
                (int) (now >> shift(Failure.TCP) & ONE_COUNTER),
                (int) (now >> shift(Failure.TIMEOUT) & ONE_COUNTER),
                (int) (now >> shift(Failure.HTTP) & ONE_COUNTER),
                (int) (now >> shift(Failure.CONNECT_TIMEOUT) & ONE_COUNTER));
    }

    void reset() {
        suspected = false;
        left = false;
        counters.set(0);
    }

    /** What the last limit that was reached was one of. */
    Failure flippedBy() {
        return flippedBy;
    }

    /** Whether a request was answered well within so many seconds. */
    boolean succeededWithin(int time) {
        return seconds.getAsInt() - lastSuccess <= time;
    }

    OwnOpinion own() {
        int now = state.get();
        return (now & OWN_UP) != 0 ? OwnOpinion.UP : (now & OWN_DOWN) != 0 ? OwnOpinion.DOWN : OwnOpinion.NONE;
    }

    void own(OwnOpinion opinion) {
        int bit = switch (opinion) {
            case NONE -> 0;
            case DOWN -> OWN_DOWN;
            case UP -> OWN_UP;
        };
        state.updateAndGet(old -> old & (VERDICT_DOWN | UNCHECKED) | bit);
    }

    void verdict(boolean up) {
        state.updateAndGet(old -> up ? old & ~VERDICT_DOWN : old | VERDICT_DOWN);
    }

    /** By which checks; null while its upstream is not watched: what is known holds then. */
    void watch(@Nullable Healthchecks checks) {
        boolean unchecked = checks != null && checks.isOff();
        passive = checks == null || unchecked ? null : checks.passive();
        state.updateAndGet(old -> unchecked ? old | UNCHECKED : old & ~UNCHECKED);
    }
}
