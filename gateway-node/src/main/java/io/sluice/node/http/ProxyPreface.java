package io.sluice.node.http;

import io.sluice.state.model.Cidr;
import io.sluice.state.model.IpText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a load balancer says at the beginning of a connection about whom it forwards for: the PROXY protocol, version 1 (a line
 * of text) and 2 (binary), as in HAProxy's proxy-protocol.txt. Pure and strict; a preface that is not exactly as it should be
 * is refused at its first wrong byte where that can be told.
 *
 * @param length bytes of the preface; 0 if more bytes are needed, -1 if this is none
 * @param source whom the peer forwards for; null if it speaks for itself or does not say
 */
record ProxyPreface(int length, @Nullable InetSocketAddress source) {

    /** The longest preface that is taken: nginx's limit for version 2, and far beyond the 107 bytes of version 1. */
    static final int LIMIT = 4096;

    private static final ProxyPreface MORE = new ProxyPreface(0, null);
    private static final ProxyPreface NONE = new ProxyPreface(-1, null);

    private static final byte[] TEXT = ascii("PROXY ");
    private static final int TEXT_LIMIT = 107;
    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int HEAD = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXIED = 0x21;
    private static final int STREAM = 1;

    /**
     * Reads a preface from the beginning of what has come so far.
     *
     * @param end how many of the bytes count
     */
    static ProxyPreface read(byte[] bytes, int end) {
        if (end == 0) {
            return MORE;
        }
        return bytes[0] == TEXT[0] ? text(bytes, end) : binary(bytes, end);
    }

    // ---- version 1

    private static ProxyPreface text(byte[] bytes, int end) {
        if (!begins(bytes, end, TEXT)) {
            return NONE;
        }
        int most = Math.min(end, TEXT_LIMIT);
        for (int i = TEXT.length; i < most; i++) {
            if (bytes[i] == '\r') {
                return i + 1 == most ? (most == TEXT_LIMIT ? NONE : MORE) : line(bytes, i);
            }
            if (bytes[i] < ' ' || bytes[i] > '~') {
                return NONE;
            }
        }
        return end >= TEXT_LIMIT ? NONE : MORE;
    }

    private static ProxyPreface line(byte[] bytes, int cr) {
        if (bytes[cr + 1] != '\n') {
            return NONE;
        }
        String text = new String(bytes, TEXT.length, cr - TEXT.length, StandardCharsets.US_ASCII);
        if (text.equals("UNKNOWN") || text.startsWith("UNKNOWN ")) {
            return new ProxyPreface(cr + 2, null);
        }
        String[] words = text.split(" ", -1);
        int size = words[0].equals("TCP4") ? 4 : words[0].equals("TCP6") ? 16 : 0;
        if (size == 0 || words.length != 5) {
            return NONE;
        }
        InetSocketAddress source = endpoint(words[1], words[3], size);
        InetSocketAddress destination = endpoint(words[2], words[4], size);
        return source == null || destination == null ? NONE : new ProxyPreface(cr + 2, source);
    }

    private static @Nullable InetSocketAddress endpoint(String address, String port, int size) {
        byte[] bytes = Cidr.addressBytes(address).orElse(null);
        int number = port(port);
        if (bytes == null || bytes.length != size || number < 0) {
            return null;
        }
        boolean canonical = size == 16 || IpText.of(bytes).equals(address);
        return canonical ? new InetSocketAddress(address(bytes), number) : null;
    }

    private static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || text.charAt(0) == '0' && text.length() > 1) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= 65535 ? value : -1;
    }

    // ---- version 2

    private static ProxyPreface binary(byte[] bytes, int end) {
        if (!begins(bytes, end, SIGNATURE)) {
            return NONE;
        }
        if (end < HEAD) {
            return end > SIGNATURE.length && !command(bytes[SIGNATURE.length]) ? NONE : MORE;
        }
        int family = bytes[13] >> 4 & 0xF;
        int transport = bytes[13] & 0xF;
        int content = (bytes[14] & 0xFF) << 8 | bytes[15] & 0xFF;
        boolean proxied = bytes[12] == PROXIED;
        boolean known = command(bytes[12]) && (!proxied || family <= 3 && transport <= 2); // else nobody looks at them
        if (!known || HEAD + content > LIMIT) {
            return NONE;
        }
        int addresses = !proxied ? 0 : family == 1 ? 12 : family == 2 ? 36 : family == 3 ? 216 : 0;
        if (content < addresses) {
            return NONE;
        }
        if (end < HEAD + content) {
            return MORE;
        }
        boolean told = proxied && transport == STREAM && (family == 1 || family == 2);
        return new ProxyPreface(HEAD + content, told ? source(bytes, family == 1 ? 4 : 16) : null);
    }

    private static boolean command(byte versionAndCommand) {
        return versionAndCommand == LOCAL || versionAndCommand == PROXIED;
    }

    private static InetSocketAddress source(byte[] bytes, int size) {
        int port = HEAD + 2 * size;
        return new InetSocketAddress(
                address(Arrays.copyOfRange(bytes, HEAD, HEAD + size)),
                (bytes[port] & 0xFF) << 8 | bytes[port + 1] & 0xFF);
    }

    /** Whether the bytes, as many as have come, are those that it must begin with. */
    private static boolean begins(byte[] bytes, int end, byte[] with) {
        int length = Math.min(end, with.length);
        return Arrays.equals(bytes, 0, length, with, 0, length);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes by construction
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
