package io.sluice.node.http2;

import io.sluice.node.http.BodyReader;
import io.sluice.node.http.BodySink;
import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.HeadFields;
import io.sluice.node.http.HeadLimits;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.RequestHead;
import io.sluice.node.http.ResponseHead;
import io.sluice.node.plugin.HeaderName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of an HTTP/1.1 message as the gateway writes it, head and all, and says what to send of it over HTTP/2. Each
 * head comes in one piece; bodies come as they like. Reused; not thread-safe.
 */
public final class MessageFrames implements BodySink {

    /** What is to be sent, in this order: heads (interim ones first), content, the end. */
    public interface Target {

        /** A header block; {@code end} if nothing follows. */
        void headers(ByteWriter block, boolean end);

        /** Content; need not be consumed. */
        void content(ByteBuffer piece);

        /** The message is complete; with a block of trailers, or null. */
        void end(@Nullable ByteWriter trailers);
    }

    private static final HeadLimits OWN = new HeadLimits(256 * 1024, 64 * 1024, 128 * 1024, 1000);
    private static final int FIRST_LOOK = 8 * 1024;
    private static final HeaderName GRPC_STATUS = HeaderName.of("grpc-status");
    private static final byte[] TE = {'t', 'e'};
    private static final byte[] TRAILERS = "trailers".getBytes(StandardCharsets.ISO_8859_1);
    private static final int AUTHORITY = 1;
    private static final int METHOD_GET = 2;
    private static final int METHOD_POST = 3;
    private static final int PATH = 4;
    private static final int SCHEME_HTTP = 6;
    private static final int SCHEME_HTTPS = 7;

    private final Target target;
    private final ByteWriter block;
    private final BodyReader body = BodyReader.ofResponses();
    private final @Nullable RequestHead request;
    private final ResponseHead response = new ResponseHead();
    private final byte[] scratch;
    private final boolean secure;
    private boolean headDone;
    private boolean headRequest;
    private boolean grpc;
    private boolean ended;

    private MessageFrames(
            Target target, ByteWriter block, byte[] scratch, @Nullable RequestHead request, boolean secure) {
        this.target = target;
        this.block = block;
        this.scratch = scratch;
        this.request = request;
        this.secure = secure;
    }

    /**
     * For responses.
     *
     * @param block where header blocks are made; may be shared on a loop
     * @param scratch where heads are looked at; the same
     */
    public static MessageFrames ofResponses(Target target, ByteWriter block, byte[] scratch) {
        return new MessageFrames(target, block, scratch, null, false);
    }

    /** For requests; {@code secure} if they go over TLS. */
    public static MessageFrames ofRequests(Target target, ByteWriter block, byte[] scratch, boolean secure) {
        return new MessageFrames(target, block, scratch, new RequestHead(), secure);
    }

    /**
     * Prepares for another message.
     *
     * @param toHead whether it is a response to HEAD
     * @param toGrpc whether it is a response to gRPC: whose status then says all, so that the one of HTTP is 200
     */
    public void begin(boolean toHead, boolean toGrpc) {
        grpc = toGrpc;
        headDone = false;
        ended = false;
        headRequest = toHead;
    }

    /** Whether the message is complete. */
    public boolean ended() {
        return ended;
    }

    /** Whether the last request taken was HEAD. */
    public boolean headRequest() {
        return headRequest;
    }

    /**
     * Takes all of the bytes.
     *
     * @return false if they are no message
     */
    public boolean take(ByteBuffer in) {
        while (!headDone && in.hasRemaining()) {
            if (!head(in)) {
                return false;
            }
        }
        return !in.hasRemaining() || !ended && body.read(in, this) && !in.hasRemaining();
    }

    private boolean head(ByteBuffer in) {
        int available = Math.min(in.remaining(), FIRST_LOOK);
        byte[] bytes = scratch;
        in.get(in.position(), bytes, 0, available);
        int end = parse(bytes, available);
        if (end == 0 && available < in.remaining()) {
            available = in.remaining();
            bytes = available > scratch.length ? new byte[available] : scratch;
            in.get(in.position(), bytes, 0, available);
            end = parse(bytes, available);
        }
        if (end <= 0) {
            return false;
        }
        in.position(in.position() + end);
        block.clear();
        RequestHead asked = request;
        return asked != null ? request(asked) : response();
    }

    private int parse(byte[] bytes, int available) {
        RequestHead asked = request;
        return asked != null
                ? asked.parse(bytes, 0, available, OWN)
                : response.parse(bytes, 0, available, headRequest, OWN);
    }

    private boolean response() {
        int status = response.status();
        HpackWriter.status(block, grpc && status > 200 && saysGrpcStatus(response.fields()) ? 200 : status);
        fields(response.fields());
        if (status < 200) {
            target.headers(block, false);
            return true;
        }
        return response.bodyLength() != ResponseHead.UNTIL_CLOSE && bodyFollows(response.bodyLength());
    }

    private static boolean saysGrpcStatus(HeadFields fields) {
        return fields.contains(GRPC_STATUS);
    }

    private boolean request(RequestHead asked) {
        headRequest = asked.methodIs("HEAD");
        if (asked.methodIs("GET") || asked.methodIs("POST")) {
            HpackWriter.known(block, asked.methodIs("GET") ? METHOD_GET : METHOD_POST);
        } else {
            named(METHOD_GET, asked.method());
        }
        HpackWriter.known(block, secure ? SCHEME_HTTPS : SCHEME_HTTP);
        named(PATH, asked.target());
        int host = asked.fields().indexOf(KnownField.HOST);
        HeadFields fields = asked.fields();
        HpackWriter.named(block, AUTHORITY, fields.bytes(), fields.valueFrom(host), fields.valueTo(host));
        fields(fields);
        if (!fields.has(KnownField.TE)) {
            HpackWriter.field(block, TE, 0, TE.length, TRAILERS, 0, TRAILERS.length); // gRPC needs them
        }
        return bodyFollows(asked.bodyLength());
    }

    private void named(int number, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        HpackWriter.named(block, number, bytes, 0, bytes.length);
    }

    private boolean bodyFollows(long length) {
        headDone = true;
        body.start(length);
        ended = body.done();
        target.headers(block, ended);
        return true;
    }

    private void fields(HeadFields fields) {
        byte[] bytes = fields.bytes();
        for (int i = 0; i < fields.count(); i++) {
            if (!dropped(fields.known(i))) {
                HpackWriter.field(
                        block,
                        bytes,
                        fields.nameFrom(i),
                        fields.nameTo(i),
                        bytes,
                        fields.valueFrom(i),
                        fields.valueTo(i));
            }
        }
    }

    private static boolean dropped(int known) {
        return known == KnownField.CONNECTION.ordinal()
                || known == KnownField.TRANSFER_ENCODING.ordinal()
                || known == KnownField.HOST.ordinal()
                || known == KnownField.KEEP_ALIVE.ordinal()
                || known == KnownField.PROXY_CONNECTION.ordinal()
                || known == KnownField.UPGRADE.ordinal()
                || known == KnownField.HTTP2_SETTINGS.ordinal();
    }

    @Override
    public void data(ByteBuffer piece) {
        target.content(piece);
    }

    @Override
    public void end(HeadFields trailers) {
        ended = true;
        if (trailers.count() == 0) {
            target.end(null);
            return;
        }
        block.clear();
        fields(trailers);
        target.end(block);
    }
}
