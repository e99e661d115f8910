package io.sluice.state.document;

import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireMessage;
import org.apache.pekko.util.ByteString;

/**
 * A part of a document.
 *
 * @param sender 0 in one that has not been sent yet
 * @param part from 0
 * @param parts how many there are; 0 if the node does not have that document (any more)
 */
record DocumentPart(long sender, String hash, int part, int parts, ByteString bytes)
        implements DocumentKeeper.Command, WireMessage {

    static WireCodec<DocumentPart> codec() {
        return WireCodec.message(
                DocumentPart.class,
                "document-part",
                1,
                (one, out) ->
                        out.text(one.hash).varint(one.part).varint(one.parts).bytes(one.bytes.toArrayUnsafe()),
                (in, version) -> new DocumentPart(
                        in.sender(),
                        PartWanted.hash(in),
                        (int) in.varint(DocumentKeeper.MOST_PARTS),
                        (int) in.varint(DocumentKeeper.MOST_PARTS),
                        ByteString.fromArrayUnsafe(in.bytes())));
    }

    /** Documents hold secrets. */
    @Override
    public String toString() {
        return "DocumentPart[sender=" + sender + ", hash=" + hash + ", part=" + part + ", parts=" + parts + ", "
                + bytes.size() + " bytes]";
    }
}
