package io.sluice.node.proxy;

import io.sluice.node.http.HeadFields;
import io.sluice.node.http.HeadLimits;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.RequestHead;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The first request of a connection in plain HTTP/1.1, if it asks for HTTP/2 (RFC 7540 section 3.2, which RFC 9113 has dropped):
 * it is answered as stream 1. Whoever need not be given HTTP/2 is not: a request with a body, in more than one piece, or that
 * says anything else than it must goes on in HTTP/1.1.
 */
final class Http2Upgrade {

    /** What the client is told before the first frame. */
    static final byte[] ACCEPTED =
            ProxyContext.ascii("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");

    private static final int SETTING_BYTES = 6;

    private final byte[] head;
    private final boolean toHead;
    private final byte[] settings;

    private Http2Upgrade(byte[] head, boolean toHead, byte[] settings) {
        this.head = head;
        this.toHead = toHead;
        this.settings = settings;
    }

    /** The request, all of it. */
    byte[] head() {
        return head;
    }

    /** Whether it asks for a head only. */
    boolean toHead() {
        return toHead;
    }

    /** What the client has for a SETTINGS frame. */
    byte[] settings() {
        return settings;
    }

    /** The upgrade that the bytes begin with; null if they do not. The buffer stays as it is. */
    static @Nullable Http2Upgrade find(ByteBuffer bytes, HeadLimits limits) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        RequestHead request = new RequestHead();
        int end = request.parse(copy, 0, copy.length, limits);
        if (end <= 0 || !asks(request)) {
            return null;
        }
        HeadFields fields = request.fields();
        byte[] settings = settings(fields.value(fields.indexOf(KnownField.HTTP2_SETTINGS)));
        return settings == null ? null : new Http2Upgrade(Arrays.copyOf(copy, end), request.methodIs("HEAD"), settings);
    }

    private static boolean asks(RequestHead request) {
        HeadFields fields = request.fields();
        int upgrade = fields.indexOf(KnownField.UPGRADE);
        int settings = fields.indexOf(KnownField.HTTP2_SETTINGS);
        return request.minorVersion() == 1
                && request.bodyLength() == 0
                && upgrade >= 0
                && fields.nextOf(upgrade) < 0
                && fields.valueIs(upgrade, "h2c")
                && settings >= 0
                && fields.nextOf(settings) < 0
                && fields.lists(KnownField.CONNECTION, "upgrade")
                && fields.lists(KnownField.CONNECTION, "http2-settings");
    }

    private static byte @Nullable [] settings(String text) {
        try {
            byte[] payload = Base64.getUrlDecoder().decode(text);
            return payload.length % SETTING_BYTES == 0 ? payload : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
