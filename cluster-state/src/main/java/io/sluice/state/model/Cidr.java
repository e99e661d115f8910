package io.sluice.state.model;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses. An IPv4-mapped IPv6 address counts as IPv4. Immutable; compared by what was written.
 */
public final class Cidr {

    private final String text;
    private final byte[] first;
    private final int prefixLength;

    private Cidr(String text, byte[] first, int prefixLength) {
        this.text = text;
        this.first = first;
        this.prefixLength = prefixLength;
    }

    /** Reads {@code 10.0.0.0/8}, {@code ::1}, {@code 1.2.3.4}; empty if it is none. Never asks a resolver. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = address(slash < 0 ? text : text.substring(0, slash));
        if (bytes == null) {
            return Optional.empty();
        }
        int most = bytes.length * 8;
        int length = slash < 0 ? most : number(text.substring(slash + 1), 10, most);
        return length < 0 ? Optional.empty() : Optional.of(new Cidr(text, bytes, length));
    }

    /** Whether the text is an IPv4 or IPv6 address. */
    public static boolean isAddress(String text) {
        return address(text) != null;
    }

    /** The bytes of a literal address (4 or 16); empty if it is none. Never asks a resolver. */
    public static Optional<byte[]> addressBytes(String text) {
        return Optional.ofNullable(address(text));
    }

    /** Whether the block has the address (4 or 16 bytes). */
    public boolean contains(byte[] address) {
        byte[] own = first;
        byte[] other = own.length == 4 ? unmapped(address) : address;
        if (other.length != own.length) {
            return false;
        }
        int whole = prefixLength / 8;
        for (int i = 0; i < whole; i++) {
            if (own[i] != other[i]) {
                return false;
            }
        }
        int rest = prefixLength % 8;
        return rest == 0 || (own[whole] ^ other[whole]) >> (8 - rest) == 0;
    }

    private static byte[] unmapped(byte[] address) {
        boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
        for (int i = 0; mapped && i < 10; i++) {
            mapped = address[i] == 0;
        }
        return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    private static byte @Nullable [] address(String text) {
        return text.indexOf(':') >= 0 ? version6(text) : version4(text);
    }

    private static byte @Nullable [] version4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 10, 255);
            if (value < 0) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte @Nullable [] version6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap));
        byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int length = head.length + tail.length;
        if (gap < 0 ? length != 16 : length > 14) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[16];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean dotted = i == parts.length - 1 && parts[i].indexOf('.') >= 0;
            byte[] four = dotted ? version4(parts[i]) : null;
            int value = dotted ? 0 : number(parts[i], 16, 0xFFFF);
            if (value < 0 || dotted && four == null || at + (dotted ? 4 : 2) > 16) {
                return null;
            }
            if (four != null) {
                System.arraycopy(four, 0, bytes, at, 4);
                at += 4;
            } else {
                bytes[at++] = (byte) (value >> 8);
                bytes[at++] = (byte) value;
            }
        }
        return Arrays.copyOf(bytes, at);
    }

    /** The number, or -1 if it is none, has a sign or more than four digits, or is above the limit. */
    private static int number(String text, int radix, int limit) {
        if (text.isEmpty() || text.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0 || text.charAt(i) > 127) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value <= limit ? value : -1;
    }

    /** The block as written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
