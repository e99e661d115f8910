package io.sluice.state.membership;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How far the clocks of the others are from this node's. One thread. */
final class ClockOffsets {

    /** An answer that took this much longer than the best one says little about the clock. */
    private static final long TOLERATED_NANOS = 1_000_000;

    /** Each slow answer makes the known one a little worse: by this part of its round trip. */
    private static final int AGEING = 64;

    /** Of so many answers one was fast, also at the start, when all is slow. */
    private static final int ENOUGH = 6;

    private record Offset(long millis, long roundTrip, int answers) {

        Offset answered(long newMillis, long newRoundTrip) {
            return new Offset(newMillis, newRoundTrip, Math.min(answers + 1, ENOUGH));
        }
    }

    private final Map<Long, Offset> offsets = new HashMap<>();

    /**
     * Takes in one answer. A slow one only says within which bounds the clock is: what was known from a better one stays as it is, or is
     * led to the nearest bound, so that a clock that was set again is found out, and a busy machine does not move the time.
     *
     * @param millis the peer's clock minus this node's at the middle of the round trip
     * @param roundTrip its nanoseconds
     */
    void measure(long peer, long millis, long roundTrip) {
        Offset known = offsets.get(peer);
        if (known == null) {
            offsets.put(peer, new Offset(millis, roundTrip, 1));
        } else if (roundTrip <= known.roundTrip + TOLERATED_NANOS) {
            // Not the round trip of this one: each could be a little slower than the last.
            offsets.put(peer, known.answered(millis, Math.min(roundTrip, known.roundTrip)));
        } else {
            long unsure = TimeUnit.NANOSECONDS.toMillis(roundTrip / 2) + 1;
            long within = Math.max(millis - unsure, Math.min(millis + unsure, known.millis));
            offsets.put(peer, known.answered(within, known.roundTrip + known.roundTrip / AGEING + 1));
        }
    }

    /** This node's clock has been set: all others are that much further behind it. */
    void stepped(long millis) {
        if (millis != 0) {
            offsets.replaceAll((peer, known) -> new Offset(known.millis - millis, known.roundTrip, known.answers));
        }
    }

    /** Whether the peer answered often enough to go by. */
    boolean knows(long peer) {
        Offset known = offsets.get(peer);
        return known != null && known.answers == ENOUGH;
    }

    void keepOnly(Set<Long> peers) {
        offsets.keySet().retainAll(peers);
    }

    /** The median over all members, this node with 0 among them; the mean of the middle two if they are even. */
    long median() {
        long[] all = new long[offsets.size() + 1];
        int at = 1;
        for (Offset one : offsets.values()) {
            all[at++] = one.millis;
        }
        Arrays.sort(all);
        int middle = all.length / 2;
        return all.length % 2 == 1 ? all[middle] : Math.floorDiv(all[middle - 1] + all[middle], 2);
    }
}
