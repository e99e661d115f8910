package io.sluice.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.LineFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {
    private static final long TIME = Instant.parse("2026-03-04T10:20:15.987Z").toEpochMilli();
    private static final Pattern SHAPE = Pattern.compile("127\\.0\\.0\\.1 - - \\[04/Mar/2026:10:20:15 \\+0000] "
            + "\"[^\"\\p{Cntrl}]*\" \\d{3} \\d+ \"[^\"\\p{Cntrl}]*\" \"[^\"\\p{Cntrl}]*\" "
            + "kong_request_id: \"[0-9a-f]{32}\"\n");

    @Test
    void isKongsCombinedFormat() {
        var exchange = ExchangeFixture.get("/a?b=c")
                .clientIp("10.1.2.3")
                .header("Referer", "http://x/")
                .header("User-Agent", "curl/8.5.0")
                .responds(201);

        assertThat(line(exchange))
                .isEqualTo("10.1.2.3 - - [04/Mar/2026:10:20:15 +0000] \"GET /a?b=c HTTP/1.1\" 201 0 \"http://x/\" "
                        + "\"curl/8.5.0\" kong_request_id: \"" + ExchangeFixture.ID + "\"\n");
    }

    @Test
    void masksCredentialsInQueries() {
        var exchange = ExchangeFixture.get("/a?b=c&apikey=s3cret&d").header("Referer", "http://x/?%6Awt=s3cret#top");

        assertThat(line(exchange))
                .contains("GET /a?b=c&apikey=REDACTED&d HTTP", "\"http://x/?%6Awt=REDACTED")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "GET  / HTTP/1.1, GET  / HTTP/1.1",
        "'\u0016\u0003\u0001\"', \\x16\\x03\\x01\\x22",
        "get /?apikey=s3cret HTTP/1.1, get /?apikey=REDACTED",
    })
    void showsTheFirstLineOfWhatCouldNotBeRead(String sent, String logged) {
        assertThat(line(ExchangeFixture.get("/").refusedLine(sent))).contains("] \"" + logged + "\" 200 ");
    }

    @Test
    void showsADashForWhatIsNotThere() {
        assertThat(line(ExchangeFixture.get("/").httpVersion("2")))
                .contains("\"GET / HTTP/2.0\" 200 0 \"-\" \"-\" kong_request_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\"b    | a\\x22b",
                "a\\b    | a\\x5Cb",
                "a\u001b[2J | a\\x1B[2J",
                "a\u007f | a\\x7F",
                "a\u0085 | a\\x85",
                "caf\u00e9 | caf\\xE9",
                "\u20ac | \\xE2\\x82\\xAC",
                "\ud83d\ude00 | \\xF0\\x9F\\x98\\x80",
            })
    void escapesWhatCouldForgeALineOrATerminal(String sent, String logged) {
        var line = new LogLine(1).escaped(sent).bytes();

        assertThat(new String(line, StandardCharsets.UTF_8)).isEqualTo(logged);
    }

    @Property
    void noClientCanForgeALine(@ForAll String target, @ForAll String method) {
        assertThat(line(ExchangeFixture.request(method, target))).matches(SHAPE);
    }

    @Test
    void writesJsonRecordsIfAsked(@TempDir Path folder) throws IOException {
        var path = folder.resolve("access.log");

        try (var log = new AccessLog(new LineFile(path, true), AccessLog.Format.JSON)) {
            log.log(ExchangeFixture.get("/").logRecord("{\"a\":1}"), TIME);
            log.log(ExchangeFixture.get("/").logRecord("{\"a\":2}"), TIME);
            assertThat(log.dropped()).isZero();
        }

        assertThat(path).content().isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    }

    private static String line(ExchangeFixture exchange) {
        return new String(AccessLog.line(exchange, TIME), StandardCharsets.US_ASCII);
    }
}
