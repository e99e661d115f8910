package io.sluice.node.proxy;

import io.sluice.node.http.BodySink;
import io.sluice.node.http.HeadFields;
import io.sluice.node.plugin.BodyTooLargeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A request body on its way into memory, because plugins asked for it, each up to a limit of its own. What is here is kept
 * when it is too much for all of them: it is still the beginning of what the upstream gets.
 */
final class BodyCollection implements BodySink {

    private record Reader(long limit, CompletableFuture<ByteString> whole) {
        void tooLarge() {
            whole.completeExceptionally(new BodyTooLargeException(limit));
        }
    }

    private final ByteStringBuilder bytes = new ByteStringBuilder();
    private List<Reader> readers = new ArrayList<>(1);
    private @Nullable ByteString whole;

    /**
     * The whole body once it is here.
     *
     * @param left bytes known to be still missing
     */
    CompletableFuture<ByteString> read(long limit, long left) {
        Reader reader = new Reader(limit, new CompletableFuture<>());
        ByteString all = whole;
        if (bytes.length() + left > limit) {
            reader.tooLarge();
        } else if (all != null) {
            reader.whole.complete(all);
        } else {
            readers.add(reader);
        }
        return reader.whole;
    }

    /** Whether a plugin waits for more. */
    boolean awaited() {
        return !readers.isEmpty();
    }

    /** The body; null unless it is complete. */
    @Nullable
    ByteString whole() {
        return whole;
    }

    /** What is here of a body that is not complete. */
    ByteString begun() {
        return bytes.result();
    }

    @Override
    public void data(ByteBuffer piece) {
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        bytes.append(ByteString.fromArrayUnsafe(copy));
        List<Reader> before = readers;
        for (int i = 0; i < before.size(); i++) {
            if (bytes.length() > before.get(i).limit) {
                readers = new ArrayList<>(1); // a reader may ask again when it is told
                before.forEach(this::keepOrTell);
                return;
            }
        }
    }

    private void keepOrTell(Reader reader) {
        if (bytes.length() > reader.limit) {
            reader.tooLarge();
        } else {
            readers.add(reader);
        }
    }

    @Override
    public void end(HeadFields trailers) {
        ByteString all = bytes.result();
        whole = all;
        List<Reader> before = readers;
        readers = new ArrayList<>(0);
        before.forEach(reader -> reader.whole.complete(all));
    }
}
