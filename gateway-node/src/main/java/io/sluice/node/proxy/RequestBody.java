package io.sluice.node.proxy;

import io.sluice.node.http.BodyReader;
import io.sluice.node.http.HeadFields;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.OutBuffer;
import io.sluice.node.http.RequestHead;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The body of the current request: read into memory for a plugin, thrown away, or left to the upstream call. Reused. */
final class RequestBody implements RequestView.BodyCollector {

    private static final long DRAIN_LIMIT = 64 * 1024;
    private static final byte[] CONTINUE = ProxyContext.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final BodyReader reader = BodyReader.ofRequests();
    private final BodyLimit limit;
    private final BodyBudget budget;
    private long held;
    private @Nullable BodyCollection collection;
    private boolean expectsContinue;
    private boolean continued;
    private long announced;
    private boolean paced;

    /** @param budget of the connection, for what is read into memory */
    RequestBody(long nodeLimit, BodyBudget budget) {
        this.limit = new BodyLimit(nodeLimit);
        this.budget = budget;
    }

    /**
     * The head was read.
     *
     * @param begun whether bytes behind the head are here already: then the client does not wait to be told to go on
     */
    void begin(RequestHead head, boolean begun) {
        announced = head.bodyLength();
        reader.start(announced);
        expectsContinue = head.expectsContinue();
        paced = announced != RequestHead.CHUNKED || !streams(head);
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
        budget.give(held);
        held = 0;
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
            wanted = new BodyCollection();
            collection = wanted;
            if (reader.done()) {
                wanted.end(new HeadFields());
            }
        }
        return wanted.read(most, reader.left());
    }

    /** Whether a plugin waits for the body. */
    boolean collecting() {
        BodyCollection wanted = collection;
        return wanted != null && wanted.awaited();
    }

    /** What plugins have had read of a body that streams on from there; usually nothing. */
    ByteString begun() {
        BodyCollection wanted = collection;
        return wanted == null || wanted.whole() != null ? ByteString.emptyByteString() : wanted.begun();
    }

    /** Whether more has been read for plugins than one of them allows. */
    boolean tooLarge(UpstreamView forward) {
        limit.begin(forward);
        return limit.exceeded(reader.received());
    }

    /** Takes bytes for the plugin that waits; gives what is wrong with them, null if nothing. */
    @Nullable
    ProxyFailure collect(ByteBuffer bytes, ClientTimers timers, ProxyExchange exchange) {
        BodyCollection wanted = collection;
        if (wanted == null || !wanted.awaited()) {
            return null;
        }
        long before = reader.received();
        if (!reader.read(bytes, wanted)) {
            return ProxyFailure.BAD_REQUEST;
        }
        long more = reader.received() - before;
        exchange.client().received(more);
        boolean affordable = budget.take(held, more);
        held += more;
        if (!affordable) {
            return ProxyFailure.BODIES_HELD;
        }
        return tooLarge(exchange.forward()) ? ProxyFailure.BODY_TOO_LARGE : tooSlow(timers);
    }

    /** Sends bytes on to the upstream; gives what is wrong with them, null if nothing. */
    @Nullable
    ProxyFailure relay(ByteBuffer bytes, UpstreamCall call, ClientTimers timers) {
        if (!call.relay(bytes)) {
            return ProxyFailure.BAD_REQUEST;
        }
        return limit.exceeded(reader.received()) ? ProxyFailure.BODY_TOO_LARGE : tooSlow(timers);
    }

    /** The messages of a gRPC call come when there is something to say. */
    private static boolean streams(RequestHead head) {
        return head.fields()
                .first(KnownField.CONTENT_TYPE.headerName())
                .orElse("")
                .startsWith("application/grpc");
    }

    private @Nullable ProxyFailure tooSlow(ClientTimers timers) {
        return paced && !reader.done() && timers.tooSlow(reader.received()) ? ProxyFailure.CLIENT_TIMEOUT : null;
    }

    /** The body that is in memory, a plugin's or one that a plugin has read; null if it is to stream. */
    @Nullable
    ByteString held(UpstreamView forward) {
        ByteString held = forward.body().orElse(null);
        BodyCollection read = collection;
        if (held == null && read != null && announced != 0) {
            held = read.whole();
        }
        if (held != null) {
            forward.dropFraming();
        }
        return held;
    }

    /** Throws bytes away; gives false if the connection is not worth that. */
    boolean drain(ByteBuffer bytes) {
        return reader.read(bytes, Discard.INSTANCE) && (reader.done() || reader.received() <= DRAIN_LIMIT);
    }
}
