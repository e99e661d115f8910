package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The head of an HTTP/1.1 message, header names in lower case, and the body that follows it on the same stream. */
record Message(String startLine, Map<String, String> headers, InputStream body) {

    /** Reads one head; the body is left on the stream for the caller to drain. */
    static Message read(InputStream in) throws IOException {
        var startLine = readLine(in);
        var headers = new HashMap<String, String>();
        for (var line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("header line: " + line + " (expected: name: value)");
            }
            var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.put(name, line.substring(colon + 1).trim());
        }
        return new Message(startLine, headers, bodyOf(headers, in));
    }

    /** Whether the body came in chunks, as opposed to with a length. */
    boolean isChunked() {
        return headers.containsKey("transfer-encoding");
    }

    void expectOk() throws IOException {
        if (!startLine.startsWith("HTTP/1.1 200")) {
            throw new IOException(startLine + ": " + new String(body.readAllBytes(), ISO_8859_1) + " (expected: 200)");
        }
    }

    private static InputStream bodyOf(Map<String, String> headers, InputStream in) {
        return headers.containsKey("transfer-encoding")
                ? new ChunkedInput(in)
                : new LimitedInput(in, Long.parseLong(headers.getOrDefault("content-length", "0")));
    }

    /** One line without its line end; heads are short here, so a byte at a time will do. */
    static String readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("connection ended after \"" + line.toString(ISO_8859_1) + "\"");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
