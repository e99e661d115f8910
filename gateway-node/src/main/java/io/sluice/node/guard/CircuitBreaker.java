package io.sluice.node.guard;

import io.sluice.state.model.UpstreamOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Stops sending requests to an upstream that fails them, and finds out whether it is well again with a few.
 *
 * <pre>
 *   CLOSED --too many of this node's requests in the window failed, or another node says so--> OPEN
 *   OPEN --open_time is over--> HALF_OPEN: this node's share of the trial requests
 *   HALF_OPEN --too many of them failed--> OPEN; --all ended, few failed, or another node says so--> CLOSED
 * </pre>
 *
 * <p>What one node finds holds for all: it is handed to {@link Signals}, and others' findings come in by {@link #learned}. A
 * finding has a version, the agreed time or one more than the version before if that is later; the highest wins, of equal ones
 * the one that opens. But a node that has had enough requests of its own and has not seen too many of them fail stays closed for itself:
 * what others have found may be trouble of theirs. Half-open needs no message, since every node knows when the open time is over, and nor does the number of
 * trials: nodes have even shares, and what does not divide goes to other nodes in every round, so that each has a trial in some
 * round even if there are fewer trials than nodes. A round that has brought no result is followed by the next after open_time.
 *
 * <p>The state is one immutable object in a volatile field, which is also the ticket of the requests that it let pass: what
 * comes of a request counts only for the state that it began in. Any thread; no lock, no allocation but for changes.
 */
public final class CircuitBreaker {

    /** What of the state a user sees. */
    public enum Position {
        CLOSED,
        HALF_OPEN,
        OPEN
    }

    /** A node's relations to the others. */
    public interface Signals {

        /** In agreed milliseconds since 1970. */
        long agreedMillis();

        /** How many nodes there are, this one included. */
        int members();

        /** Which of them this one is, from 0: no two have the same. */
        int rank();

        /** This node has opened or closed the circuit. Must not block. */
        void changed(String upstream, boolean open, long version);
    }

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(CircuitBreaker.class, "state", Pass.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String upstream;
    private final UpstreamOptions.CircuitBreaker settings;
    private final Signals signals;
    private final long window;
    private final long openNanos;
    private final LongAdder refused = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private volatile Pass state;

    public CircuitBreaker(String upstream, UpstreamOptions.CircuitBreaker settings, Signals signals) {
        this.upstream = upstream;
        this.settings = settings;
        this.signals = signals;
        this.window = Math.max(10, (long) (settings.window() * 1e9));
        this.openNanos = Math.max(1, (long) (settings.openTime() * 1e9));
        this.state = new Closed(0, false, new RollingCount(window), new RollingCount(window));
    }

    /** A state, and the ticket of a request that it let pass. */
    public abstract static sealed class Pass {
        final long version;

        Pass(long version) {
            this.version = version;
        }
    }

    private static final class Closed extends Pass {
        /** Whether other nodes hold it for open. */
        final boolean overruled;

        final RollingCount requests;
        final RollingCount failures;

        Closed(long version, boolean overruled, RollingCount requests, RollingCount failures) {
            super(version);
            this.overruled = overruled;
            this.requests = requests;
            this.failures = failures;
        }
    }

    private static final class Open extends Pass {
        final long until;

        Open(long version, long until) {
            super(version);
            this.until = until;
        }
    }

    private static final class HalfOpen extends Pass {
        final long until;
        final long round;
        final int trials;
        final AtomicInteger free;
        final AtomicInteger succeeded = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();

        HalfOpen(long version, long until, long round, int trials) {
            super(version);
            this.until = until;
            this.round = round;
            this.trials = trials;
            this.free = new AtomicInteger(trials);
        }

        boolean taken() {
            int left;
            do {
                left = free.get();
            } while (left > 0 && !free.compareAndSet(left, left - 1));
            return left > 0;
        }
    }

    /**
     * Asks for a request to pass.
     *
     * @param now as {@link System#nanoTime}
     * @return its ticket, to be given to {@link #ended} once; null if it must not be sent
     */
    public @Nullable Pass enter(long now) {
        Pass current = at(now);
        if (current instanceof Closed) {
            return current;
        }
        if (current instanceof HalfOpen trial && trial.taken()) {
            return current;
        }
        refused.increment();
        return null;
    }

    /** The state at a time: what is over gives way to what follows. */
    private Pass at(long now) {
        Pass current = state;
        if (current instanceof Open open && open.until - now <= 0) {
            return halfOpen(open, open.until, 0, now);
        }
        if (current instanceof HalfOpen trial && trial.until - now <= 0) {
            return halfOpen(trial, trial.until, trial.round + 1, now);
        }
        return current;
    }

    /** Begins the round of this moment, as all nodes count them. */
    private Pass halfOpen(Pass from, long begin, long next, long now) {
        long missed = (now - begin) / openNanos;
        long round = next + missed;
        HalfOpen to = new HalfOpen(from.version, begin + (missed + 1) * openNanos, round, trials(round));
        return STATE.compareAndSet(this, from, to) ? to : state;
    }

    /** How many trials this node has in a round. */
    private int trials(long round) {
        int count = Math.max(1, signals.members());
        int all = settings.halfOpenRequests();
        int turn = Math.floorMod(signals.rank() - round * (all % count), count);
        return all / count + (turn < all % count ? 1 : 0);
    }

    /** What has come of a request that was let pass. */
    public void ended(Pass ticket, Outcome outcome, long now) {
        Pass current = state;
        if (ticket instanceof Closed then && current instanceof Closed closed && closed.requests == then.requests) {
            counted(closed, outcome, now);
        } else if (ticket instanceof HalfOpen trial && trial == current) {
            tried(trial, outcome, now);
        }
    }

    private void counted(Closed closed, Outcome outcome, long now) {
        if (outcome == Outcome.UNKNOWN) {
            return;
        }
        closed.requests.add(now);
        if (outcome == Outcome.FAILURE) {
            closed.failures.add(now);
            if (enough(closed, now) && tooMany(closed, now)) {
                open(closed, now);
            }
        }
    }

    private void tried(HalfOpen trial, Outcome outcome, long now) {
        if (outcome == Outcome.UNKNOWN) {
            trial.free.incrementAndGet();
            return;
        }
        (outcome == Outcome.FAILURE ? trial.failed : trial.succeeded).incrementAndGet();
        int failed = trial.failed.get();
        int succeeded = trial.succeeded.get();
        if (tooMany(failed, trial.trials)) {
            open(trial, now);
        } else if (failed + succeeded >= trial.trials) {
            Closed closed = closed(next(trial));
            if (STATE.compareAndSet(this, trial, closed)) {
                signals.changed(upstream, false, closed.version);
            }
        }
    }

    private Closed closed(long version) {
        return new Closed(version, false, new RollingCount(window), new RollingCount(window));
    }

    private boolean enough(Closed closed, long now) {
        return closed.requests.sum(now) >= settings.minRequests();
    }

    private boolean tooMany(Closed closed, long now) {
        return tooMany(closed.failures.sum(now), closed.requests.sum(now));
    }

    private boolean tooMany(long failed, long all) {
        return failed * 100 >= all * settings.failurePercent();
    }

    private void open(Pass from, long now) {
        Open open = new Open(next(from), now + openNanos);
        if (STATE.compareAndSet(this, from, open)) {
            opened.increment();
            signals.changed(upstream, true, open.version);
        }
    }

    private long next(Pass from) {
        return Math.max(from.version + 1, signals.agreedMillis());
    }

    /**
     * Another node, or this one before it was restarted, has opened or closed the circuit.
     *
     * @param age how many nanoseconds ago
     */
    public void learned(boolean open, long version, long age, long now) {
        Pass current = state;
        while (version > current.version || version == current.version && open && isSimplyClosed(current)) {
            Pass next = !open ? closed(version) : opened(current, version, now + openNanos - Math.max(0, age), now);
            if (STATE.compareAndSet(this, current, next)) {
                if (next instanceof Open && !(current instanceof Open)) {
                    opened.increment();
                }
                return;
            }
            current = state;
        }
    }

    private static boolean isSimplyClosed(Pass current) {
        return current instanceof Closed closed && !closed.overruled;
    }

    /** What others have opened is open here too, unless this node knows better. */
    private Pass opened(Pass current, long version, long until, long now) {
        return current instanceof Closed closed && enough(closed, now) && !tooMany(closed, now)
                ? new Closed(version, true, closed.requests, closed.failures)
                : new Open(version, until);
    }

    /** Where it stands. */
    public Position position(long now) {
        Pass current = state;
        if (current instanceof Closed) {
            return Position.CLOSED;
        }
        return current instanceof Open open && open.until - now > 0 ? Position.OPEN : Position.HALF_OPEN;
    }

    /** The seconds after which a refused client may ask again, at least 1. */
    public long retryAfter(long now) {
        long left = 0;
        Pass current = state;
        if (current instanceof Open open) {
            left = open.until - now;
        }
        return Math.max(1, (left + 999_999_999L) / 1_000_000_000L);
    }

    /** How many requests were refused since the start. */
    public long refused() {
        return refused.sum();
    }

    /** How often it was opened since the start, by this node or by another. */
    public long opened() {
        return opened.sum();
    }
}
