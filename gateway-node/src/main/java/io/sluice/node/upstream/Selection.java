package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Candidates;
import io.sluice.node.plugin.Exchange;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through its destination's targets: which have failed it, and which carries it now. A target that has
 * failed is not tried again while another is left. One object for all requests of a client connection, on its event loop's
 * thread.
 */
public final class Selection implements Candidates {

    private final TargetSet failed = new TargetSet();
    private final TargetSet unresolved = new TargetSet();
    private @Nullable Destination destination;
    private @Nullable String setCookie;
    private long key;
    private long now;
    private long began;
    private int current = Balancer.NONE;
    private boolean carried;
    private boolean stay;
    private boolean retrying;

    /**
     * Begins with a request.
     *
     * @param random for a cookie's value
     */
    public void begin(Destination where, Exchange exchange, RandomGenerator random) {
        end();
        destination = where;
        HashKey input = where.key();
        if (input != null) {
            key = input.key(exchange);
            KeyCookie cookie = input.cookie();
            if (key == HashKey.ABSENT && cookie != null) {
                String value = identifier(random);
                key = HashKey.hashed(value);
                setCookie = cookie.line(value);
            } else if (key == HashKey.ABSENT) {
                key = HashKey.EMPTY;
            }
        }
    }

    /** A random UUID (version 4), as Kong's cookies have it. */
    private static String identifier(RandomGenerator random) {
        long high = random.nextLong() & ~0xF000L | 0x4000L;
        long low = random.nextLong() & ~(0xC0L << 56) | 0x80L << 56;
        return new UUID(high, low).toString();
    }

    /**
     * The place for the next try.
     *
     * @param nanos as {@link System#nanoTime}
     */
    public Choice next(long nanos) {
        Destination where = destination;
        if (where == null) {
            throw new IllegalStateException("no request");
        }
        now = nanos;
        if (stay) {
            stay = false;
            Choice choice = taken(where, current);
            if (choice != Choice.Unresolved.INSTANCE) {
                return choice;
            }
        }
        for (int picked = pick(where); picked != Balancer.NONE; picked = pick(where)) {
            Choice choice = taken(where, picked);
            if (choice != Choice.Unresolved.INSTANCE) {
                return choice;
            }
        }
        return unresolved.isEmpty() ? Choice.NoPeer.INSTANCE : Choice.Unresolved.INSTANCE;
    }

    private int pick(Destination where) {
        int picked = where.balancer().pick(this);
        if (picked == Balancer.NONE && !failed.isEmpty()) {
            failed.clear(); // all have been tried: once more from the start
            picked = where.balancer().pick(this);
        }
        return picked;
    }

    private Choice taken(Destination where, int target) {
        Choice choice = where.at(target, key, retrying);
        if (choice == Choice.Unresolved.INSTANCE) {
            release();
            unresolved.add(target);
            current = Balancer.NONE;
            return choice;
        }
        current = target;
        stay = choice instanceof Choice.Resolving; // then it is asked again
        if (!stay && !carried) {
            carried = true;
            where.balancer().started(target);
        }
        began = now;
        return choice;
    }

    private void release() {
        Destination where = destination;
        if (carried && where != null) {
            where.balancer().ended(current);
        }
        carried = false;
    }

    @Override
    public boolean usable(int target) {
        return !failed.has(target) && !unresolved.has(target);
    }

    @Override
    public long key() {
        return key;
    }

    @Override
    public long now() {
        return now;
    }

    /** The response of the current target has begun. */
    public void responded(long nanos) {
        Destination where = destination;
        if (carried && where != null) {
            where.balancer().responded(current, nanos - began, nanos);
        }
    }

    /** The current target has failed: the next try is for another. */
    public void failed(long nanos) {
        Destination where = destination;
        if (carried && where != null) {
            where.balancer().failed(current, nanos - began, nanos);
            release();
            failed.add(current);
            current = Balancer.NONE;
            retrying = true;
        }
    }

    /** The current try has ended without a fault of the target, which gets the next one too. */
    public void again() {
        stay = carried;
    }

    /** The cookie that the client is to be given; null if it has it or needs none. */
    public @Nullable KeyCookie cookie() {
        Destination where = destination;
        HashKey input = where == null ? null : where.key();
        return setCookie == null || input == null ? null : input.cookie();
    }

    /** What Set-Cookie says for {@link #cookie}; null without one. */
    public @Nullable String setCookie() {
        return setCookie;
    }

    /** The request has ended. A second call does nothing. */
    public void end() {
        release();
        failed.clear();
        unresolved.clear();
        destination = null;
        setCookie = null;
        key = 0;
        current = Balancer.NONE;
        stay = false;
        retrying = false;
    }
}
