package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.ToIntBiFunction;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However the network cuts a head, it means the same; whatever arrives, parsing gives an answer and never throws. */
class HeadProperties {

    private static final HeadLimits LIMITS = new HeadLimits(32 * 1024, 8 * 1024, 8 * 1024, 100);

    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();

    private int request(byte[] bytes, int limit) {
        return request.parse(bytes, 0, limit, LIMITS);
    }

    private int response(byte[] bytes, int limit) {
        return response.parse(bytes, 0, limit, false, HeadLimits.RESPONSE);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 1000)
    void aRequestHeadIsWholeOnlyWithItsLastByte(@ForAll("requestHeads") String head, @ForAll("tails") String tail) {
        byte[] bytes = Bytes.of(head + tail);

        for (int limit = 0; limit < head.length(); limit++) {
            assertThat(request(bytes, limit)).isZero();
        }
        for (int limit = head.length(); limit <= bytes.length; limit++) {
            assertThat(request(bytes, limit)).isEqualTo(head.length());
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 1000)
    void aResponseHeadIsWholeOnlyWithItsLastByte(@ForAll("responseHeads") String head, @ForAll("tails") String tail) {
        byte[] bytes = Bytes.of(head + tail);

        for (int limit = 0; limit < head.length(); limit++) {
            assertThat(response(bytes, limit)).isZero();
        }
        for (int limit = head.length(); limit <= bytes.length; limit++) {
            assertThat(response(bytes, limit)).isEqualTo(head.length());
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 3000)
    void noCutChangesWhatADamagedRequestMeans(@ForAll("requestHeads") String head, @ForAll("damages") Damage damage) {
        holdsForEveryCut(Bytes.of(damage.to(head)), this::request);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 3000)
    void noCutChangesWhatADamagedResponseMeans(@ForAll("responseHeads") String head, @ForAll("damages") Damage damage) {
        holdsForEveryCut(Bytes.of(damage.to(head)), this::response);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 3000)
    void garbageIsRefusedOrIncompleteInEveryCut(@ForAll byte[] garbage) {
        holdsForEveryCut(garbage, this::request);
        holdsForEveryCut(garbage, this::response);
    }

    /** A prefix may be incomplete; else it ends where the whole ends, or is refused as the whole is. */
    private static void holdsForEveryCut(byte[] bytes, ToIntBiFunction<byte[], Integer> parse) {
        int whole = parse.applyAsInt(bytes, bytes.length);
        assertThat(whole).isLessThanOrEqualTo(bytes.length);
        for (int limit = 0; limit < bytes.length; limit++) {
            assertThat(parse.applyAsInt(bytes, limit)).isIn(0, whole);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void linesAreFoundAsTheyWereWritten(@ForAll("lines") List<String> lines) {
        String text =
                "HTTP/1.1 200 OK\r\n" + lines.stream().map(l -> l + "\r\n").collect(Collectors.joining()) + "\r\n";

        assertThat(response(Bytes.of(text), text.length())).isEqualTo(text.length());

        HeadFields fields = response.fields();
        assertThat(fields.count()).isEqualTo(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int colon = line.indexOf(':');
            assertThat(fields.name(i)).isEqualTo(line.substring(0, colon));
            assertThat(fields.value(i)).isEqualTo(stripBlanks(line.substring(colon + 1)));
        }
    }

    private static String stripBlanks(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+\\z", "");
    }

    /** One change to a text. */
    private record Damage(int at, int removed, String inserted) {
        String to(String text) {
            int from = Math.floorMod(at, text.length());
            return text.substring(0, from) + inserted + text.substring(Math.min(text.length(), from + removed));
        }
    }

    @Provide
    Arbitrary<Damage> damages() {
        Arbitrary<String> inserted = Arbitraries.of(
                "",
                "\r",
                "\n",
                "\r\n",
                "\r\n\r\n",
                " ",
                "\t",
                "\0",
                ":",
                "\u0080",
                "\u00ff",
                "A",
                "1",
                ",",
                "HTTP/1.1",
                "Content-Length: 1\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Host: b\r\n",
                "\r\n x");
        return Combinators.combine(
                        Arbitraries.integers(), Arbitraries.integers().between(0, 3), inserted)
                .as(Damage::new);
    }

    @Provide
    Arbitrary<String> requestHeads() {
        Arbitrary<String> lead = Arbitraries.of("", "", "", "\r\n");
        Arbitrary<String> method = Arbitraries.of("GET", "POST", "M-SEARCH", "A", "PROPFIND");
        Arbitrary<String> target = Arbitraries.of("/", "/a?b#", "*", "http://a/", "/\u00e9|\"");
        Arbitrary<String> framing = Arbitraries.of("", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n");
        return Combinators.combine(lead, method, target, framing, lines(), Arbitraries.of(0, 1))
                .as((l, m, t, f, lines, minor) -> l + m + " " + t + " HTTP/1." + (f.startsWith("T") ? 1 : minor)
                        + "\r\n" + "Host: a\r\n" + f + joined(lines) + "\r\n");
    }

    @Provide
    Arbitrary<String> responseHeads() {
        Arbitrary<String> line =
                Arbitraries.of("HTTP/1.1 200 OK", "HTTP/1.0 404 ", "HTTP/1.1 500", "HTTP/1.1 101 \u00e9");
        Arbitrary<String> framing = Arbitraries.of("", "Content-Length: 5\r\n");
        return Combinators.combine(line, framing, lines()).as((l, f, lines) -> l + "\r\n" + f + joined(lines) + "\r\n");
    }

    private static String joined(List<String> lines) {
        return lines.stream().map(line -> line + "\r\n").collect(Collectors.joining());
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> name = Arbitraries.strings()
                .withChars("abcXYZ09-_!#$%&'*+.^`|~")
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(text -> "q" + text);
        Arbitrary<String> value = Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u0080', '\u00ff')
                .withChars('\t', ' ')
                .ofMaxLength(20);
        return Combinators.combine(name, value).as((n, v) -> n + ":" + v).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> tails() {
        return Arbitraries.of("", "\r\n", "x", "GET / HTTP/1.1\r\n\r\n", "\0\0\0");
    }
}
