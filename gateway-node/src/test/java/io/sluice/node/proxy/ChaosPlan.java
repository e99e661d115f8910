package io.sluice.node.proxy;

import java.util.Random;

/**
 * One exchange of the chaos test and who vanishes when.
 *
 * @param kind what is exchanged
 * @param clientDies whether the client vanishes; otherwise the upstream does
 * @param reset whether by a reset, otherwise by closing
 * @param afterRequest whether while the response passes, otherwise while the request does
 * @param at after how many bytes of the request or response
 */
record ChaosPlan(Kind kind, boolean clientDies, boolean reset, boolean afterRequest, int at) {

    /** What is exchanged. */
    enum Kind {
        FIXED,
        CHUNKED,
        UNTIL_CLOSE,
        HINTS,
        UPLOAD,
        CHUNKED_UPLOAD,
        UPGRADE,
        PIPELINED
    }

    static final String BODY = "0123456789".repeat(30);

    /** Nobody vanishes. */
    static final ChaosPlan NONE = new ChaosPlan(Kind.FIXED, true, false, false, Integer.MAX_VALUE);

    private static final String END = "Connection: close\r\n\r\n";
    private static final int LONGEST = 700;

    static ChaosPlan random(Random random) {
        Kind[] kinds = Kind.values();
        return new ChaosPlan(
                kinds[random.nextInt(kinds.length)],
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(LONGEST));
    }

    /** What the client sends; the connection ends after it. */
    String request() {
        return switch (kind) {
            case FIXED -> "GET /fixed HTTP/1.1\r\nHost: a\r\n" + END;
            case CHUNKED -> "GET /chunked HTTP/1.1\r\nHost: a\r\n" + END;
            case UNTIL_CLOSE -> "GET /close HTTP/1.1\r\nHost: a\r\n" + END;
            case HINTS -> "GET /hints HTTP/1.1\r\nHost: a\r\n" + END;
            case UPLOAD -> "POST /fixed HTTP/1.1\r\nHost: a\r\nContent-Length: " + BODY.length() + "\r\n" + END + BODY;
            case CHUNKED_UPLOAD ->
                "PUT /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + END + chunks();
            case UPGRADE ->
                "GET /upgrade HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" + BODY;
            case PIPELINED ->
                "GET /fixed HTTP/1.1\r\nHost: a\r\n\r\nGET /chunked HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "GET /fixed HTTP/1.1\r\nHost: a\r\n" + END;
        };
    }

    /** What an upstream answers to a target. */
    static String response(String target) {
        return switch (target) {
            case "/chunked" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks();
            case "/close" -> "HTTP/1.1 200 OK\r\n\r\n" + BODY;
            case "/hints" ->
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + BODY;
            case "/upgrade" ->
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + BODY;
            default -> "HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + BODY;
        };
    }

    private static String chunks() {
        return "64\r\n" + BODY.substring(0, 100) + "\r\nC8\r\n" + BODY.substring(100) + "\r\n0\r\n\r\n";
    }

    /** What is wrong with what the client got from its connection to the end, "" if nothing. */
    String judge(String got) {
        int end = got.lastIndexOf('(');
        boolean orderly = got.endsWith("(end)");
        String rest = got.substring(0, end);
        for (int n = 0; !rest.isEmpty(); n++) {
            int headEnd = rest.indexOf("\r\n\r\n");
            if (headEnd < 0) {
                return orderly ? "half a head and an orderly end: " + got : "";
            }
            String head = rest.substring(0, headEnd + 4);
            rest = rest.substring(headEnd + 4);
            int status = Integer.parseInt(head.substring(9, 12));
            if (status == 103) {
                continue;
            }
            if (status == 101) {
                return (BODY + BODY).startsWith(rest) ? "" : "not what was tunnelled: " + got;
            }
            if (status == 502) {
                return rest.contains("An invalid response") ? "" : "502 without its body: " + got;
            }
            if (status != 200) {
                return "unexpected status: " + got;
            }
            String after = afterBody(head, rest);
            if (after == null) {
                return orderly ? "broken body and an orderly end: " + got : "";
            }
            rest = after;
        }
        return "";
    }

    /** What follows the body; null if it is not whole. */
    private String afterBody(String head, String rest) {
        if (head.contains("Transfer-Encoding: chunked")) {
            int last = ("\r\n" + rest).indexOf("\r\n0\r\n\r\n");
            if (last < 0) {
                return null;
            }
            String body = dechunked(rest.substring(0, last));
            boolean cut = kind == Kind.UNTIL_CLOSE && !reset && BODY.startsWith(body); // nobody can tell
            return body.equals(BODY) || cut ? rest.substring(last + 5) : null;
        }
        return rest.length() >= BODY.length() && rest.startsWith(BODY) ? rest.substring(BODY.length()) : null;
    }

    private static String dechunked(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (at < chunks.length()) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            body.append(chunks, line + 2, line + 2 + size);
            at = line + 4 + size;
        }
        return body.toString();
    }
}
