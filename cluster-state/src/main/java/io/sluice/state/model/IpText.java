package io.sluice.state.model;

/** IP addresses as text: four decimal numbers, or the short form of RFC 5952 (2001:db8::1) that other proxies write too. */
public final class IpText {

    private static final int GROUPS = 8;

    private IpText() {}

    /**
     * The text of an address.
     *
     * @param address 4 or 16 bytes in network order
     */
    public static String of(byte[] address) {
        return address.length == 4 ? four(address) : six(address);
    }

    private static String four(byte[] address) {
        StringBuilder text = new StringBuilder(15);
        for (int i = 0; i < address.length; i++) {
            text.append(i == 0 ? "" : ".").append(address[i] & 0xFF);
        }
        return text.toString();
    }

    private static String six(byte[] address) {
        int gap = -1;
        int gapLength = 1; // one group alone is not shortened
        for (int i = 0; i < GROUPS; ) {
            int length = zeros(address, i);
            if (length > gapLength) {
                gap = i;
                gapLength = length;
            }
            i += Math.max(1, length);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                boolean separate = i > 0 && (gap < 0 || i != gap + gapLength);
                text.append(separate ? ":" : "").append(Integer.toHexString(group(address, i)));
            }
        }
        return text.toString();
    }

    private static int zeros(byte[] address, int from) {
        int i = from;
        while (i < GROUPS && group(address, i) == 0) {
            i++;
        }
        return i - from;
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xFF) << 8 | address[2 * index + 1] & 0xFF;
    }
}
