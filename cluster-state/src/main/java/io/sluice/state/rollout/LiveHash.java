package io.sluice.state.rollout;

import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireException;
import io.sluice.state.wire.WireInput;
import io.sluice.state.wire.WireMessage;

/**
 * This is live here: told to others.
 *
 * @param sender 0 in one that has not been sent yet
 */
record LiveHash(long sender, String hash) implements RolloutKeeper.Command, WireMessage {

    private static final int LONGEST = 64;

    static WireCodec<LiveHash> codec() {
        return WireCodec.message(
                LiveHash.class, "live-hash", 1, (live, out) -> out.text(live.hash), (in, version) -> read(in));
    }

    private static LiveHash read(WireInput in) throws WireException {
        String hash = in.text();
        if (hash.length() > LONGEST) {
            throw new WireException("a hash of " + hash.length() + " characters (expected: at most " + LONGEST + ")");
        }
        return new LiveHash(in.sender(), hash);
    }
}
