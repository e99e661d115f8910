package io.sluice.state.document;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The document that this node can give. Its bytes are made when somebody asks, and forgotten when nobody does. Thread-safe. */
final class DocumentShelf {

    private static final byte[] NOTHING = {};

    private String hash = "";
    private Supplier<byte[]> source = () -> NOTHING;
    private @Nullable CompletableFuture<byte[]> made;
    private int idleRounds;

    synchronized void keep(String hash, Supplier<byte[]> source) {
        this.hash = hash;
        this.source = source;
        this.made = null;
    }

    /** A part; done at once but for the first one, for which the bytes are made on another thread. Never fails. */
    CompletableFuture<DocumentPart> part(String wanted, int part) {
        DocumentPart none = new DocumentPart(0, wanted, part, 0, ByteString.emptyByteString());
        CompletableFuture<byte[]> bytes;
        synchronized (this) {
            if (!wanted.equals(hash)) {
                return CompletableFuture.completedFuture(none);
            }
            idleRounds = 0;
            bytes = made == null ? CompletableFuture.supplyAsync(source) : made;
            made = bytes;
        }
        return bytes.handle((all, failure) -> all == null ? none : cut(wanted, part, all, none));
    }

    private static DocumentPart cut(String hash, int part, byte[] all, DocumentPart none) {
        int parts = (all.length + DocumentKeeper.PART_BYTES - 1) / DocumentKeeper.PART_BYTES;
        if (part >= parts || parts > DocumentKeeper.MOST_PARTS) {
            return none;
        }
        int from = part * DocumentKeeper.PART_BYTES;
        int to = Math.min(all.length, from + DocumentKeeper.PART_BYTES);
        return new DocumentPart(0, hash, part, parts, ByteString.fromArray(all, from, to - from));
    }

    /** Called now and then: bytes that were not asked for between two calls are forgotten. */
    synchronized void sweep() {
        if (idleRounds++ > 0) {
            made = null;
        }
    }
}
