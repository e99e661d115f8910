package io.sluice.node.plugins.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseTransformerPluginTest {

    @ParameterizedTest
    @CsvSource({
        "remove,  set-cookie,     'X-A: 1'",
        "rename,  set-cookie:x-c, 'X-A: 1; x-c: a; x-c: b'",
        "replace, x-a:2,          'x-a: 2; Set-Cookie: a; Set-Cookie: b'",
        "replace, x-z:2,          'X-A: 1; Set-Cookie: a; Set-Cookie: b'",
        "add,     x-a:2,          'X-A: 1; Set-Cookie: a; Set-Cookie: b'",
        "add,     x-z:2,          'X-A: 1; Set-Cookie: a; Set-Cookie: b; x-z: 2'",
        "append,  set-cookie:c,   'X-A: 1; Set-Cookie: a; Set-Cookie: b; set-cookie: c'",
    })
    void changesHeaders(String kind, String entry, String expected) {
        var exchange = ExchangeFixture.get("/").responds(200, "X-A", "1", "Set-Cookie", "a", "Set-Cookie", "b");

        var headers = exchange.responseHead(plugin(Map.of(kind, Map.of("headers", List.of(entry)))))
                .headers();

        assertThat(String.join("; ", headers.lines())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "remove  | a        |         | {\"b\":2}",
                "rename  | a:c      |         | {\"b\":2,\"c\":1}",
                "replace | a:x      |         | {\"a\":\"x\",\"b\":2}",
                "replace | a:3      | number  | {\"a\":3,\"b\":2}",
                "replace | a:true   | boolean | {\"a\":true,\"b\":2}",
                "replace | a:no     | boolean | {\"a\":false,\"b\":2}",
                "replace | a:x      | number  | {\"a\":1,\"b\":2}",
                "replace | z:x      |         | {\"a\":1,\"b\":2}",
                "add     | c:1.50   | number  | {\"a\":1,\"b\":2,\"c\":1.50}",
                "add     | c:1      | string  | {\"a\":1,\"b\":2,\"c\":\"1\"}",
                "append  | a:2      | number  | {\"a\":[1,2],\"b\":2}",
                "append  | c:\"q/r\" |        | {\"a\":1,\"b\":2,\"c\":[\"\\\"q/r\\\"\"]}",
            })
    void changesJsonBodies(String kind, String entry, String type, String expected) {
        Map<String, Object> edits = type == null
                ? Map.of("json", List.of(entry))
                : Map.of("json", List.of(entry), "json_types", List.of(type));
        var exchange = ExchangeFixture.get("/").responds(200, "Content-Type", "application/json; charset=utf-8");

        var body = exchange.responseBody(plugin(Map.of(kind, edits)), "{\"a\":", "1,\"b\":2", "}");

        assertThat(body).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/plain | | {\"a\":1}",
                "application/vnd.api+json | | {\"a\":1}",
                "application/json | gzip | {\"a\":1}",
                "application/json | | {broken",
                "application/json | | [{\"a\":1}]",
            })
    void passesOtherBodiesUnchanged(String contentType, String encoding, String body) {
        var exchange = ExchangeFixture.get("/").responds(200, "Content-Type", contentType);
        if (encoding != null) {
            exchange.responds(200, "Content-Encoding", encoding);
        }

        assertThat(exchange.responseBody(plugin(Map.of("remove", Map.of("json", List.of("a")))), body))
                .isEqualTo(body);
    }

    @Test
    void passesABodyThatIsTooLongToHoldBack() {
        var plugin = plugin(Map.of("remove", Map.of("json", List.of("a"))));
        var exchange = ExchangeFixture.get("/").responds(200, "Content-Type", "application/json");
        var filter = plugin.responseBody(exchange).orElseThrow();
        var piece = ByteString.fromString("x".repeat(1 << 20));
        long sent = 0;

        for (int i = 0; i < 20; i++) {
            sent += filter.onChunk(piece).size();
        }
        sent += filter.onEnd().size();

        assertThat(sent).isEqualTo(20L << 20);
    }

    @Test
    void onlyBodiesWithSomethingToChangeAreHeldBack() {
        var plugin = plugin(Map.of("add", Map.of("headers", List.of("a:1"))));
        var exchange = ExchangeFixture.get("/").responds(200, "Content-Type", "application/json");

        assertThat(plugin.responseBody(exchange)).isEmpty();
    }

    @Test
    void refusesTypesThatJsonDoesNotHave() {
        var settings = Map.of("add", Map.of("json", List.of("a:1"), "json_types", List.of("date")));

        assertThat(TransformerSchema.response().check(settings).error())
                .isEqualTo(Map.of("add", Map.of("json_types", List.of("expected one of: boolean, number, string"))));
    }

    private static Plugin plugin(Map<String, Object> settings) {
        return PluginContextFixture.empty().create(new ResponseTransformerPlugin.Factory(), settings);
    }
}
