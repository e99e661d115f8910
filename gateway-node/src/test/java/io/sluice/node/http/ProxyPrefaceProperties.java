package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A preface means the same however it is cut; whatever else comes is refused within its limit. */
class ProxyPrefaceProperties {

    record Sample(byte[] bytes, InetSocketAddress source) {}

    @Property(edgeCases = EdgeCasesMode.NONE)
    void isCompleteOnlyWithItsLastByteAndLeavesTheRestAlone(
            @ForAll("prefaces") Sample sample, @ForAll @Size(max = 20) byte[] rest) {
        byte[] all = Arrays.copyOf(sample.bytes(), sample.bytes().length + rest.length);
        System.arraycopy(rest, 0, all, sample.bytes().length, rest.length);

        for (int end = 0; end < sample.bytes().length; end++) {
            assertThat(ProxyPreface.read(all, end).length()).isZero();
        }
        ProxyPreface whole = ProxyPreface.read(all, all.length);
        assertThat(whole.length()).isEqualTo(sample.bytes().length);
        assertThat(whole.source()).isEqualTo(sample.source());
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 5000)
    void noCutChangesWhatADamagedPrefaceMeans(
            @ForAll("prefaces") Sample sample, @ForAll @IntRange(max = 5000) int at, @ForAll byte value) {
        byte[] bytes = sample.bytes().clone();
        bytes[at % bytes.length] = value;

        int decided = 0;
        for (int end = 1; end <= bytes.length; end++) {
            int length = ProxyPreface.read(bytes, end).length();
            assertThat(length).isLessThanOrEqualTo(end);
            if (decided != 0) {
                assertThat(length).isEqualTo(decided);
            }
            decided = length;
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void isDecidedWithinTheLimit(@ForAll("beginnings") byte[] beginning, @ForAll byte filling) {
        byte[] bytes = new byte[ProxyPreface.LIMIT];
        Arrays.fill(bytes, filling);
        System.arraycopy(beginning, 0, bytes, 0, beginning.length);

        assertThat(ProxyPreface.read(bytes, bytes.length).length()).isNotZero();
    }

    @Example
    void refusesWhatIsNotExactlyAPreface() {
        for (String text : new String[] {
            "GET / HTTP/1.1\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n",
            "PROXY TCP4 1.2.3.04 5.6.7.8 1 2\r\n",
            "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n",
            "PROXY TCP4 ::1 ::1 1 2\r\n",
            "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY UNKNOWNED\r\n",
            "PROXY  UNKNOWN\r\n",
            "proxy UNKNOWN\r\n",
            "PROXY UNKNOWN " + "x".repeat(92) + "\r\n",
            "\r\n\r\n\0\r\nQUIT\r\n",
            "\r\n\r\n\0\r\nQUIT\n\061\021\0\014............",
            "\r\n\r\n\0\r\nQUIT\n\042\021\0\014............",
            "\r\n\r\n\0\r\nQUIT\n\041\101\0\014............",
            "\r\n\r\n\0\r\nQUIT\n\041\023\0\014............",
            "\r\n\r\n\0\r\nQUIT\n\041\021\0\013...........",
            "\r\n\r\n\0\r\nQUIT\n\041\021\020\0"
        }) {
            assertThat(ProxyPreface.read(Bytes.of(text), text.length()).length())
                    .as(text)
                    .isEqualTo(-1);
        }
    }

    /** "The receiver must ... discard the protocol block including the family which is ignored" (section 2.2). */
    @Example
    void whoSpeaksForItselfMayNameAnyFamily() {
        for (int family = 0; family < 256; family++) {
            byte[] bytes = Bytes.of("\r\n\r\n\0\r\nQUIT\n\040-\0\003\003\002\001GET");
            bytes[13] = (byte) family;

            assertThat(ProxyPreface.read(bytes, bytes.length)).isEqualTo(new ProxyPreface(19, null));
        }
    }

    @Provide
    Arbitrary<byte[]> beginnings() {
        return Arbitraries.of(
                        "", "P", "PROXY ", "PROXY TCP4 1", "\r\n\r\n", "\r\n\r\n\0\r\nQUIT\n", "\r\n\r\n\0\r\nQUIT\n!")
                .map(Bytes::of);
    }

    @Provide
    Arbitrary<Sample> prefaces() {
        return Arbitraries.oneOf(text(), binary());
    }

    private static Arbitrary<Sample> text() {
        Arbitrary<Sample> told = Combinators.combine(
                        address(), Arbitraries.integers().between(0, 65535))
                .as((bytes, port) -> {
                    InetSocketAddress source = new InetSocketAddress(of(bytes), port);
                    String ip = bytes.length == 4 ? source.getAddress().getHostAddress() : groups(bytes);
                    return new Sample(
                            Bytes.of("PROXY TCP" + (bytes.length == 4 ? 4 : 6) + " " + ip + " " + ip + " " + port
                                    + " 443\r\n"),
                            source);
                });
        Arbitrary<Sample> unknown = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMaxLength(90)
                .map(rest -> new Sample(Bytes.of("PROXY UNKNOWN" + (rest.isEmpty() ? "" : " ") + rest + "\r\n"), null));
        return Arbitraries.oneOf(told, unknown);
    }

    private static Arbitrary<Sample> binary() {
        return Combinators.combine(
                        address(),
                        Arbitraries.integers().between(0, 65535),
                        Arbitraries.integers().between(0, 300),
                        Arbitraries.of(0x11, 0x11, 0x11, 0x12, 0x00, 0x31),
                        Arbitraries.of(true, true, false))
                .as((bytes, port, more, kind, proxied) -> binary(bytes, port, more, kind, proxied));
    }

    private static Sample binary(byte[] address, int port, int more, int kind, boolean proxied) {
        int size = address.length;
        boolean addressed = kind == 0x11 || kind == 0x12;
        int content = (kind == 0x31 ? 216 : addressed ? 2 * size + 4 : 0) + more;
        byte[] bytes = Arrays.copyOf(Bytes.of("\r\n\r\n\0\r\nQUIT\n"), 16 + content);
        bytes[12] = (byte) (proxied ? 0x21 : 0x20);
        bytes[13] = (byte) (addressed && size == 16 ? kind + 0x10 : kind);
        bytes[14] = (byte) (content >> 8);
        bytes[15] = (byte) content;
        if (addressed) {
            System.arraycopy(address, 0, bytes, 16, size);
            bytes[16 + 2 * size] = (byte) (port >> 8);
            bytes[17 + 2 * size] = (byte) port;
        }
        return new Sample(bytes, proxied && kind == 0x11 ? new InetSocketAddress(of(address), port) : null);
    }

    private static Arbitrary<byte[]> address() {
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofSize(4),
                Arbitraries.bytes().array(byte[].class).ofSize(16));
    }

    private static String groups(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 16; i += 2) {
            text.append(i == 0 ? "" : ":").append(Integer.toHexString((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF));
        }
        return text.toString();
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
