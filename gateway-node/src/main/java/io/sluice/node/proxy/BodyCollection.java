package io.sluice.node.proxy;

import io.sluice.node.http.BodySink;
import io.sluice.node.http.HeadFields;
import io.sluice.node.plugin.BodyTooLargeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** A request body on its way into memory, because a plugin asked for it. */
final class BodyCollection implements BodySink {

    private final ByteStringBuilder bytes = new ByteStringBuilder();
    private final CompletableFuture<ByteString> whole = new CompletableFuture<>();
    private long limit;

    BodyCollection(long limit) {
        this.limit = limit;
    }

    /** Another plugin asked as well: the larger limit counts. */
    void allow(long other) {
        limit = Math.max(limit, other);
    }

    CompletableFuture<ByteString> whole() {
        return whole;
    }

    /** Whether there is nothing more to collect. */
    boolean done() {
        return whole.isDone();
    }

    /** The body; empty unless it is complete. */
    ByteString body() {
        return whole.isDone() && !whole.isCompletedExceptionally() ? whole.join() : ByteString.emptyByteString();
    }

    /** Whether the whole body is here. */
    boolean complete() {
        return whole.isDone() && !whole.isCompletedExceptionally();
    }

    @Override
    public void data(ByteBuffer piece) {
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        bytes.append(ByteString.fromArrayUnsafe(copy)); // also what is too much: the upstream still gets it
        if (bytes.length() > limit) {
            whole.completeExceptionally(new BodyTooLargeException(limit));
        }
    }

    /** What was read of a body that turned out to be too large for the plugin. */
    ByteString soFar() {
        return bytes.result();
    }

    @Override
    public void end(HeadFields trailers) {
        whole.complete(bytes.result());
    }
}
