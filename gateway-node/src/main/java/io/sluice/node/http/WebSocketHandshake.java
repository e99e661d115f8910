package io.sluice.node.http;

/** What a request for a WebSocket must say (RFC 6455 section 4.2.1). */
public final class WebSocketHandshake {

    private static final int KEY_LENGTH = 24;

    private WebSocketHandshake() {}

    /** Whether there is one key of 16 bytes in base64 and the one version that exists. */
    public static boolean valid(HeadFields fields) {
        int key = fields.indexOf(KnownField.SEC_WEBSOCKET_KEY);
        int version = fields.indexOf(KnownField.SEC_WEBSOCKET_VERSION);
        return key >= 0
                && fields.nextOf(key) < 0
                && key(fields.bytes(), fields.valueFrom(key), fields.valueTo(key))
                && version >= 0
                && fields.nextOf(version) < 0
                && fields.valueIs(version, "13");
    }

    private static boolean key(byte[] bytes, int from, int to) {
        if (to - from != KEY_LENGTH || bytes[to - 1] != '=' || bytes[to - 2] != '=') {
            return false;
        }
        for (int i = from; i < to - 2; i++) {
            if (!base64(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean base64(byte b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/';
    }
}
