package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Candidates;
import io.sluice.node.guard.GuardedRequest;
import io.sluice.node.guard.Hedges;
import io.sluice.node.guard.Outcome;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.upstream.Peers.Mercy;
import io.sluice.state.health.Failure;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through its destination's peers: which have failed it, and which carries it now. A peer that has
 * failed is not tried again while another is left. One object for all requests of a client connection, on its event loop's
 * thread.
 */
public final class Selection implements Candidates {

    private final TargetSet failed = new TargetSet();
    private final GuardedRequest guarded = new GuardedRequest();
    private @Nullable Destination destination;
    private @Nullable Peers peers;
    private @Nullable String setCookie;
    private long key;
    private long now;
    private long began;
    private int current = Balancer.NONE;
    /** Of the two tries of a hedged request the one that is not at hand. */
    private int other = Balancer.NONE;

    private long otherBegan;
    private int hedge = Balancer.NONE;
    private boolean carried;
    private boolean stay;
    private Mercy mercy = Mercy.NONE;

    /**
     * Begins with a request.
     *
     * @param random for a cookie's value
     */
    public void begin(Destination where, Exchange exchange, RandomGenerator random) {
        end();
        destination = where;
        StickyCookie sticky = where.sticky();
        if (sticky != null) {
            key = sticky.key(exchange);
        }
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

    /**
     * Whether the request may be sent at all: not while the upstream's circuit is open.
     *
     * @param nanos as {@link System#nanoTime}
     */
    public boolean enter(long nanos) {
        Destination where = destination;
        return where != null && guarded.enter(where.guard(), nanos);
    }

    /** After how many seconds a client whose request could not {@link #enter} may ask again. */
    public long retryAfter(long nanos) {
        return guarded.retryAfter(nanos);
    }

    /** Whether the upstream's retry budget has another try; if so, it is counted. */
    public boolean retry(long nanos) {
        return guarded.retry(nanos);
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
        Peers among = peers;
        if (stay && among != null) {
            stay = false;
            began = nanos;
            return among.at(current).endpoint();
        }
        if (!where.healthy()) {
            return Choice.NoPeer.INSTANCE;
        }
        if (among == null) {
            among = where.peers();
            peers = among;
        }
        int picked = pick(among);
        if (picked == Balancer.NONE) {
            peers = null; // after waiting there are others
            return among.absence();
        }
        carried = true;
        return begin(among, picked);
    }

    /** The try that begins now goes to this peer. */
    private Endpoint begin(Peers among, int picked) {
        current = picked;
        began = now;
        among.balancer().started(picked);
        return among.at(picked).endpoint();
    }

    /** After how many milliseconds without a response's head a second try is due; {@link Long#MAX_VALUE} for never. */
    public long hedgeDelay() {
        Hedges hedges = guarded.hedges();
        return hedges == null ? Long.MAX_VALUE : hedges.delayMillis();
    }

    /**
     * The place for a second try beside the current one, at another address that has nothing against it. It is the current try
     * from now on, and the first one the other.
     *
     * @param nanos as {@link System#nanoTime}
     * @return null if there is to be none
     */
    public @Nullable Endpoint hedge(long nanos) {
        Destination where = destination;
        Peers among = peers;
        Hedges hedges = guarded.hedges();
        if (where == null || among == null || hedges == null || !carried) {
            return null;
        }
        if (among.single() || !where.healthy() || !hedges.take(nanos)) {
            return null;
        }
        now = nanos;
        other = current;
        int picked = pick(among, Mercy.NONE);
        if (picked == Balancer.NONE) {
            other = Balancer.NONE;
            hedges.unused(nanos);
            return null;
        }
        otherBegan = began;
        hedges.sent();
        hedge = picked;
        return begin(among, picked);
    }

    /** The other of two tries is the current one from now on. */
    public void swap() {
        int index = current;
        long time = began;
        current = other;
        began = otherBegan;
        carried = current != Balancer.NONE;
        other = index;
        otherBegan = time;
    }

    /** The current one of two tries has been answered, and the other is given up: no fault of its peer, and no sign of speed. */
    public void outran(long nanos) {
        Peers among = peers;
        if (other != Balancer.NONE && among != null) {
            among.balancer().failed(other, nanos - otherBegan, nanos);
            among.balancer().ended(other);
        }
        other = Balancer.NONE;
    }

    private int pick(Peers among) {
        int picked = sticks() ? Balancer.NONE : pick(among, Mercy.NONE);
        if (picked == Balancer.NONE) {
            picked = pick(among, Mercy.SUSPECTS);
        }
        if (picked == Balancer.NONE && !failed.isEmpty()) {
            failed.clear(); // all have been tried: once more from the start
            picked = pick(among, Mercy.SUSPECTS);
        }
        if (picked == Balancer.NONE && among.ejects()) {
            picked = pick(among, Mercy.ALL); // better than none
        }
        return picked;
    }

    /** A client does not leave its target for a moment's suspicion. */
    private boolean sticks() {
        Destination where = destination;
        return where != null && where.sticky() != null;
    }

    private int pick(Peers among, Mercy much) {
        mercy = much;
        return among.balancer().pick(this);
    }

    private void release() {
        Peers among = peers;
        if (carried && among != null) {
            among.balancer().ended(current);
        }
        carried = false;
    }

    @Override
    public boolean usable(int target) {
        Peers among = peers;
        return among != null
                && !failed.has(target)
                && (other == Balancer.NONE || !among.same(other, target))
                && among.usable(target, mercy, now);
    }

    @Override
    public long key() {
        return key;
    }

    @Override
    public long now() {
        return now;
    }

    /** The response of the current peer has begun. */
    public void responded(int status, long nanos) {
        Peers among = peers;
        if (carried && among != null) {
            among.balancer().responded(current, nanos - began, nanos);
            among.responded(current, status, nanos);
        }
        Hedges hedges = guarded.hedges();
        if (hedges != null && hedge != Balancer.NONE && hedge == current) {
            hedges.won();
        }
        guarded.ended(Outcome.of(status), nanos);
    }

    /** The current peer has failed: the next try, if there is one, is for another. */
    public void failed(long nanos) {
        Peers among = peers;
        if (carried && among != null) {
            among.balancer().failed(current, nanos - began, nanos);
            among.failed(current, nanos);
            failed.add(current);
            dropped();
        }
    }

    /** The current try has ended without a fault of the peer, and the next one is not for it. */
    public void dropped() {
        release();
        if (hedge == current) {
            hedge = Balancer.NONE;
        }
        current = Balancer.NONE;
    }

    /** No try follows the one that has failed. */
    public void gaveUp(long nanos) {
        guarded.ended(Outcome.FAILURE, nanos);
    }

    /** What the current peer has answered counts for its health. */
    public void answered(int status) {
        Peers among = peers;
        if (carried && among != null) {
            among.at(current).health().responded(status);
        }
    }

    /** That the current peer has failed counts for its health, whether or not another try follows. */
    public void blame(Failure failure) {
        Peers among = peers;
        if (carried && among != null) {
            among.at(current).health().failed(failure);
        }
    }

    /** The current try has ended without a fault of the peer, which gets the next one too. */
    public void again() {
        stay = carried;
    }

    /** The cookie that the client is to be given; null if it has it or needs none. */
    public @Nullable KeyCookie cookie() {
        Destination where = destination;
        StickyCookie sticky = where == null ? null : where.sticky();
        if (sticky != null) {
            return identity() == key ? null : sticky.cookie();
        }
        HashKey input = where == null ? null : where.key();
        return setCookie == null || input == null ? null : input.cookie();
    }

    /** What Set-Cookie says for {@link #cookie}; null without one. */
    public @Nullable String setCookie() {
        Destination where = destination;
        StickyCookie sticky = where == null ? null : where.sticky();
        return sticky == null || identity() == key ? setCookie : sticky.line(identity());
    }

    /** How clients name the current peer; {@link #key} if there is none. */
    private long identity() {
        Peers among = peers;
        return carried && among != null ? among.balancer().identity(current) : key;
    }

    /** The request has ended. A second call does nothing. */
    public void end() {
        Peers among = peers;
        if (other != Balancer.NONE && among != null) {
            among.balancer().ended(other);
        }
        other = Balancer.NONE;
        hedge = Balancer.NONE;
        release();
        guarded.clear(now);
        failed.clear();
        destination = null;
        peers = null;
        setCookie = null;
        key = 0;
        current = Balancer.NONE;
        stay = false;
    }
}
