package io.sluice.node.proxy;

import io.sluice.node.http.BodyReader;
import io.sluice.node.http.HeadFields;
import io.sluice.node.http.OutBuffer;
import io.sluice.node.http.RequestHead;
import io.sluice.node.plugin.BodyTooLargeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The body of the current request: read into memory for a plugin, thrown away, or left to the upstream call. Reused. */
final class RequestBody implements RequestView.BodyCollector {

    private static final long DRAIN_LIMIT = 64 * 1024;
    private static final byte[] CONTINUE = ProxyContext.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final BodyReader reader = new BodyReader();
    private final BodyLimit limit;
    private @Nullable BodyCollection collection;
    private boolean expectsContinue;
    private boolean continued;

    RequestBody(long nodeLimit) {
        this.limit = new BodyLimit(nodeLimit);
    }

    /**
     * The head was read.
     *
     * @param begun whether bytes behind the head are here already: then the client does not wait to be told to go on
     */
    void begin(RequestHead head, boolean begun) {
        reader.start(head.bodyLength());
        expectsContinue = head.expectsContinue();
        continued = begun;
        collection = null;
    }

    /** There is no body (any more): what the client still sends is not a part of the request. */
    void none() {
        reader.start(0);
    }

    /** The exchange has ended. */
    void clear() {
        collection = null;
    }

    BodyReader reader() {
        return reader;
    }

    BodyLimit limit() {
        return limit;
    }

    boolean done() {
        return reader.done();
    }

    /** Whether the connection can live on if the body is thrown away: it is short and on its way. */
    boolean drainable() {
        boolean small = reader.left() > 0 && reader.left() <= DRAIN_LIMIT;
        return reader.done() || small && !(expectsContinue && !continued);
    }

    /** Tells a client that waits for it to send the body. */
    void invite(OutBuffer out, boolean bytesWait) {
        if (expectsContinue && !continued && reader.received() == 0 && !bytesWait) {
            continued = true;
            out.put(CONTINUE);
        }
    }

    @Override
    public CompletionStage<ByteString> collect(long most) {
        BodyCollection wanted = collection;
        if (wanted == null) {
            wanted = new BodyCollection(most);
            collection = wanted;
            if (reader.done()) {
                wanted.end(new HeadFields());
            } else if (reader.left() > most) {
                wanted.whole().completeExceptionally(new BodyTooLargeException(most));
            }
        } else {
            wanted.allow(most);
        }
        return wanted.whole();
    }

    /** Whether a plugin waits for the body. */
    boolean collecting() {
        BodyCollection wanted = collection;
        return wanted != null && !wanted.done();
    }

    /** The whole body if a plugin had it read; null otherwise. */
    @Nullable
    ByteString collected() {
        BodyCollection wanted = collection;
        if (wanted == null || !wanted.done() || !reader.done()) {
            return null;
        }
        return wanted.complete() ? wanted.body() : wanted.soFar();
    }

    /** The beginning of a body that was read for a plugin until it was too large: it goes before the rest. */
    ByteString begun() {
        BodyCollection wanted = collection;
        boolean cut = wanted != null && wanted.done() && !reader.done();
        return cut && wanted != null ? wanted.soFar() : ByteString.emptyByteString();
    }

    /** Takes bytes for the plugin that waits; gives what is wrong with them, null if nothing. */
    @Nullable
    ProxyFailure collect(ByteBuffer bytes, ClientTimers timers, RequestView request) {
        BodyCollection wanted = collection;
        if (wanted == null || wanted.done()) {
            return null;
        }
        long before = reader.received();
        if (!reader.read(bytes, wanted)) {
            return ProxyFailure.BAD_REQUEST;
        }
        request.received(reader.received() - before);
        if (limit.refuses(reader.received())) {
            return ProxyFailure.BODY_TOO_LARGE;
        }
        return tooSlow(timers);
    }

    /** Sends bytes on to the upstream; gives what is wrong with them, null if nothing. */
    @Nullable
    ProxyFailure relay(ByteBuffer bytes, UpstreamCall call, ClientTimers timers) {
        if (!call.relay(bytes)) {
            return ProxyFailure.BAD_REQUEST;
        }
        return limit.exceeded(reader.received()) ? ProxyFailure.BODY_TOO_LARGE : tooSlow(timers);
    }

    private @Nullable ProxyFailure tooSlow(ClientTimers timers) {
        return !reader.done() && timers.tooSlow(reader.received()) ? ProxyFailure.CLIENT_TIMEOUT : null;
    }

    /** The body that is in memory, a plugin's or one that a plugin has read; null if it is to stream. */
    @Nullable
    ByteString held(UpstreamView forward) {
        ByteString held = forward.body().orElse(null);
        held = held == null ? collected() : held;
        if (held != null) {
            forward.dropFraming();
        } else if (!reader.done()) {
            limit.begin(forward);
        }
        return held;
    }

    /** Throws bytes away; gives false if the connection is not worth that. */
    boolean drain(ByteBuffer bytes) {
        return reader.read(bytes, Discard.INSTANCE) && (reader.done() || reader.received() <= DRAIN_LIMIT);
    }
}
