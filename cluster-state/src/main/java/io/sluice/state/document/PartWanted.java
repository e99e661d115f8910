package io.sluice.state.document;

import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireException;
import io.sluice.state.wire.WireInput;
import io.sluice.state.wire.WireMessage;

/**
 * Asks a node for a part of its document.
 *
 * @param sender 0 in one that has not been sent yet
 * @param hash of the document; another one is of no use
 * @param part from 0
 */
record PartWanted(long sender, String hash, int part) implements DocumentKeeper.Command, WireMessage {

    static final int LONGEST_HASH = 64;

    static WireCodec<PartWanted> codec() {
        return WireCodec.message(
                PartWanted.class,
                "document-part-wanted",
                1,
                (wanted, out) -> out.text(wanted.hash).varint(wanted.part),
                (in, version) -> new PartWanted(in.sender(), hash(in), (int) in.varint(DocumentKeeper.MOST_PARTS)));
    }

    static String hash(WireInput in) throws WireException {
        String hash = in.text();
        if (hash.length() > LONGEST_HASH) {
            throw new WireException(
                    "a hash of " + hash.length() + " characters (expected: at most " + LONGEST_HASH + ")");
        }
        return hash;
    }
}
