package io.sluice.node.http;

import io.sluice.node.tls.ServerName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the server name in a client's first message (RFC 8446 section 4.1.2, RFC 6066 section 3) before the engine sees
 * it: what the client is asked for depends on it. Judges nothing, that is the engine's business.
 */
final class ClientHello {

    private static final int RECORD_HEAD = 5;
    private static final int RANDOM_END = 4 + 2 + 32;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;

    private final ByteBuffer bytes;

    private ClientHello(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** How many bytes the first record has, its head included; 0 if too few bytes are there to tell. */
    static int recordLength(ByteBuffer bytes) {
        int at = bytes.position();
        return bytes.remaining() < RECORD_HEAD
                ? 0
                : RECORD_HEAD + ((bytes.get(at + 3) & 0xFF) << 8 | bytes.get(at + 4) & 0xFF);
    }

    /**
     * The server name, canonical.
     *
     * @param record the whole first record; its position is left as it is
     * @return "" if the client names none; null if the record does not tell
     */
    static @Nullable String serverName(ByteBuffer record) {
        ByteBuffer content = record.duplicate();
        content.position(record.position() + RECORD_HEAD);
        return new ClientHello(content).read();
    }

    private @Nullable String read() {
        if (bytes.remaining() < RANDOM_END || bytes.get(bytes.position()) != CLIENT_HELLO) {
            return null;
        }
        int end = 4 + (bytes.getInt(bytes.position()) & 0xFFFFFF);
        if (end < RANDOM_END || end > bytes.remaining()) {
            return null; // goes on in another record
        }
        bytes.limit(bytes.position() + end);
        bytes.position(bytes.position() + RANDOM_END);
        if (!skip(1) || !skip(2) || !skip(1)) {
            return null; // session, cipher suites, compression
        }
        if (!bytes.hasRemaining()) {
            return ""; // no extensions
        }
        int length = length(2);
        if (length < 0) {
            return null;
        }
        bytes.limit(bytes.position() + length);
        while (bytes.remaining() >= 4) {
            int type = bytes.getShort() & 0xFFFF;
            if (type == SERVER_NAME) {
                return name();
            }
            if (!skip(2)) {
                return null;
            }
        }
        return bytes.hasRemaining() ? null : "";
    }

    private @Nullable String name() {
        int extension = length(2);
        int list = extension < 0 ? -1 : length(2);
        if (list <= 0 || bytes.get() != 0) {
            return null; // nothing, or not a host's name
        }
        int length = length(2);
        if (length < 0) {
            return null;
        }
        byte[] name = new byte[length];
        bytes.get(name);
        return ServerName.canonical(new String(name, StandardCharsets.US_ASCII));
    }

    /** Passes over something that its length stands before. */
    private boolean skip(int size) {
        int length = length(size);
        if (length < 0) {
            return false;
        }
        bytes.position(bytes.position() + length);
        return true;
    }

    /** A length that as many bytes follow; -1 if they do not. */
    private int length(int size) {
        if (bytes.remaining() < size) {
            return -1;
        }
        int length = size == 1 ? bytes.get() & 0xFF : bytes.getShort() & 0xFFFF;
        return length <= bytes.remaining() ? length : -1;
    }
}
