package io.sluice.node.plugins.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTransformerPluginTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @ParameterizedTest
    @CsvSource({
        "remove,  x-a,        'Host: example.com; X-B: 2; X-B: 3'",
        "remove,  x-b,        'Host: example.com; X-A: 1'",
        "rename,  x-a:x-c,    'Host: example.com; X-B: 2; X-B: 3; x-c: 1'",
        "rename,  x-b:X-A,    'Host: example.com; X-A: 2; X-A: 3'",
        "rename,  x-z:x-a,    'Host: example.com; X-A: 1; X-B: 2; X-B: 3'",
        "replace, x-a:9,      'Host: example.com; x-a: 9; X-B: 2; X-B: 3'",
        "replace, x-b:9,      'Host: example.com; X-A: 1; x-b: 9'",
        "replace, x-z:9,      'Host: example.com; X-A: 1; X-B: 2; X-B: 3'",
        "add,     x-a:9,      'Host: example.com; X-A: 1; X-B: 2; X-B: 3'",
        "add,     x-z:9:8,    'Host: example.com; X-A: 1; X-B: 2; X-B: 3; x-z: 9:8'",
        "add,     host:other, 'Host: example.com; X-A: 1; X-B: 2; X-B: 3'",
        "append,  x-a:9,      'Host: example.com; X-A: 1; X-B: 2; X-B: 3; x-a: 9'",
        "append,  x-z:9,      'Host: example.com; X-A: 1; X-B: 2; X-B: 3; x-z: 9'",
        "add,     x-z:,       'Host: example.com; X-A: 1; X-B: 2; X-B: 3'",
    })
    void changesHeaders(String kind, String entry, String expected) {
        var exchange =
                ExchangeFixture.get("/").header("X-A", "1").header("X-B", "2").header("X-B", "3");

        assertThat(exchange.access(plugin(kind, "headers", entry))).isEqualTo(Verdict.CONTINUE);

        assertThat(String.join("; ", exchange.upstream().headers().lines())).isEqualTo(expected);
    }

    @Test
    void onlyReplaceChangesTheHost() {
        var exchange = ExchangeFixture.get("/");

        exchange.access(plugin("replace", "headers", "Host:other.internal"));

        assertThat(exchange.upstream().sentHost()).contains("other.internal");
    }

    @Test
    void headerValuesSeeTheRequestAsItWasBefore() {
        var exchange = ExchangeFixture.get("/?who=ann&evil=a%0D%0AX-Evil:1").header("X-Old", "caf\u00c3\u00a9");

        exchange.access(plugin(Map.of(
                "remove", Map.of("headers", List.of("x-old"), "querystring", List.of("who")),
                "add",
                        Map.of(
                                "headers",
                                List.of(
                                        "X-New:$(headers[\"x-old\"])",
                                        "X-Who:$(query_params.who or \"nobody\")",
                                        "X-Line:$(query_params.evil)")))));

        assertThat(exchange.upstream().headers().lines())
                .containsExactly("Host: example.com", "X-New: caf\u00c3\u00a9", "X-Who: ann", "X-Line: a??X-Evil:1");
        assertThat(exchange.upstream().query()).isEqualTo("evil=a%0D%0AX-Evil:1");
    }

    @ParameterizedTest
    @CsvSource({
        "remove,  a,      b=%7e&b=2&c",
        "remove,  c,      a=1+1&b=%7e&b=2",
        "rename,  b:d,    a=1+1&d=%7e&d=2&c",
        "rename,  a:c,    c=1+1&b=%7e&b=2",
        "rename,  z:a,    a=1+1&b=%7e&b=2&c",
        "replace, b:x y,  a=1+1&b=x%20y&c",
        "replace, z:1,    a=1+1&b=%7e&b=2&c",
        "add,     a:2,    a=1+1&b=%7e&b=2&c",
        "add,     'd:\u00e4&=', a=1+1&b=%7e&b=2&c&d=%C3%A4%26%3D",
        "append,  a:2,    a=1+1&b=%7e&b=2&c&a=2",
    })
    void changesTheQueryAndNothingElseInIt(String kind, String entry, String expected) {
        var exchange = ExchangeFixture.get("/?a=1+1&b=%7e&b=2&c");

        exchange.access(plugin(kind, "querystring", entry));

        assertThat(exchange.upstream().query()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "remove  | a     | {\"b\":[1],\"c\":1.50}",
                "rename  | a:d   | {\"b\":[1],\"c\":1.50,\"d\":\"1\"}",
                "replace | a:2   | {\"a\":\"2\",\"b\":[1],\"c\":1.50}",
                "replace | z:2   | unchanged",
                "add     | a:2   | unchanged",
                "add     | d:2   | {\"a\":\"1\",\"b\":[1],\"c\":1.50,\"d\":\"2\"}",
                "append  | a:2   | {\"a\":[\"1\",\"2\"],\"b\":[1],\"c\":1.50}",
                "append  | b:2   | {\"a\":\"1\",\"b\":[1,\"2\"],\"c\":1.50}",
                "append  | d:2   | {\"a\":\"1\",\"b\":[1],\"c\":1.50,\"d\":[\"2\"]}",
            })
    void changesJsonBodies(String kind, String entry, String expected) {
        var exchange = ExchangeFixture.request("POST", "/")
                .body("application/json; charset=utf-8", "{\"a\":\"1\",\"b\":[1],\"c\":1.50}");

        assertThat(exchange.access(plugin(kind, "body", entry))).isInstanceOf(Verdict.Continue.class);

        assertThat(exchange.upstream().sentBody().orElse("unchanged")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{broken", "1", "{\"a\":1} {}", "null"})
    void leavesJsonAloneThatIsNoObject(String body) {
        var exchange = ExchangeFixture.request("POST", "/").body("application/json", body);

        exchange.access(plugin("add", "body", "x:1"));

        assertThat(exchange.upstream().sentBody()).isEmpty();
    }

    @Test
    void anEmptyJsonBodyBecomesAnObject() {
        var exchange = ExchangeFixture.request("POST", "/").header("Content-Type", "application/json");

        exchange.access(plugin("add", "body", "x:$(headers.host)"));

        assertThat(exchange.upstream().sentBody()).contains("{\"x\":\"example.com\"}");
    }

    @Test
    void changesFormsKeepingTheRestByteForByte() {
        var exchange = ExchangeFixture.request("POST", "/").body(FORM, "a=1&b=%7e+x&c=\u00e4");

        exchange.access(plugin(Map.of("remove", Map.of("body", List.of("a")), "add", Map.of("body", List.of("d:2")))));

        assertThat(exchange.upstream().sentBody()).contains("b=%7e+x&c=\u00e4&d=2");
    }

    @Test
    void changesMultipartKeepingFilesByteForByte() {
        var file = "Content-Disposition: form-data; name=\"file\"; filename=\"name=a;b.bin\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\nbytes\r\n--not-the-boundary\r\n";
        var exchange = ExchangeFixture.request("POST", "/")
                .body(
                        "multipart/form-data; boundary=\"xyz\"",
                        "--xyz\r\n" + file + "\r\n--xyz\r\n" + part("a", "1") + "\r\n--xyz\r\n" + part("b", "2")
                                + "\r\n--xyz\r\n" + part("c", "3") + "\r\n--xyz--\r\n");

        exchange.access(plugin(Map.of(
                "remove", Map.of("body", List.of("a")),
                "rename", Map.of("body", List.of("b:bb")),
                "replace", Map.of("body", List.of("c:4", "z:1")),
                "add", Map.of("body", List.of("d:5", "c:6")))));

        assertThat(exchange.upstream().sentBody())
                .contains("--xyz\r\n" + file + "\r\n--xyz\r\n" + part("bb", "2") + "\r\n--xyz\r\n" + part("c", "4")
                        + "\r\n--xyz\r\n" + part("d", "5") + "\r\n--xyz--\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--xyz\r\nno head end--xyz--", "nothing", "--xyz\r\nX: y\r\n\r\nno name\r\n--xyz--\r\n", "--xyz"
            })
    void leavesBrokenMultipartAlone(String body) {
        var exchange = ExchangeFixture.request("POST", "/").body("multipart/form-data; boundary=xyz", body);

        exchange.access(plugin("add", "body", "x:1"));

        assertThat(exchange.upstream().sentBody()).isEmpty();
    }

    @Test
    void doesNotReadBodiesItCannotChange() {
        var exchange = ExchangeFixture.request("POST", "/").body("text/plain", "a");

        assertThat(exchange.access(plugin("add", "body", "x:1"))).isEqualTo(Verdict.CONTINUE);

        assertThat(exchange.request().bodyReads()).isZero();
    }

    @Test
    void waitsForASlowBody() {
        var exchange = ExchangeFixture.request("POST", "/")
                .body("application/json", "{}")
                .slowBody();

        var verdict = exchange.access(plugin("add", "body", "x:1"));

        assertThat(verdict).isInstanceOf(Verdict.Later.class);
        exchange.bodyArrives();
        assertThat(((Verdict.Later) verdict).verdict().toCompletableFuture()).isCompletedWithValue(Verdict.CONTINUE);
        assertThat(exchange.upstream().sentBody()).contains("{\"x\":\"1\"}");
    }

    @Test
    void refusesABodyThatIsTooLargeToChange() {
        var body = "\"" + "x".repeat((int) RequestTransformerPlugin.LARGEST_BODY) + "\"";
        var exchange = ExchangeFixture.request("POST", "/").body("application/json", body);

        exchange.access(plugin("add", "body", "x:1"));

        assertThat(exchange.response().status()).isEqualTo(413);
        assertThat(exchange.response().body()).contains("Request body is too large to be transformed");
    }

    @Test
    void aFormMovesToTheQueryIfTheMethodHasNoBody() {
        var exchange = ExchangeFixture.request("POST", "/?a=1").body(FORM, "b=2&a=3");

        exchange.access(plugin(Map.of("http_method", "GET", "add", Map.of("querystring", List.of("c:4", "b:5")))));

        assertThat(exchange.upstream().method()).isEqualTo("GET");
        assertThat(exchange.upstream().query()).isEqualTo("a=1&b=2&a=3&c=4");
    }

    @Test
    void aFormMovedToTheQueryIsEncodedAnew() {
        var exchange = ExchangeFixture.request("POST", "/?a=1")
                .body(FORM, "b=x HTTP/1.1\r\nHost: y\r\n\r\n&&c=1=2+3&d=%7e%0a%zz&%FF&#=?");

        exchange.access(plugin(Map.of("http_method", "GET")));

        assertThat(exchange.upstream().query())
                .isEqualTo("a=1&b=x%20HTTP%2F1.1%0D%0AHost%3A%20y%0D%0A%0D%0A&c=1%3D2%203&d=~%0A%25zz&%FF&%23=%3F");
    }

    @ParameterizedTest
    @CsvSource({
        "/fixed,                            /fixed",
        "/users/$(uri_captures['id']),      /users/42",
        "$(headers.none or '/fallback'),    /fallback",
        "no/slash,                          /no/slash",
        "$(headers.none),                   /u/42",
    })
    void replacesThePath(String uri, String expected) {
        var exchange = ExchangeFixture.get("/u/42").captures(Map.of("0", "/u/42", "id", "42"));

        exchange.access(plugin(Map.of("replace", Map.of("uri", uri))));

        assertThat(exchange.upstream().path()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/$(headers.x),        b#c,              /a/b%23c",
        "/a/$(headers.x),        b?c=d,            /a/b%3Fc=d",
        "/a/$(headers.x),        b/c%20d,          /a/b/c%20d",
        "/a/$(headers.x),        100%,             /a/100%25",
        "/a/$(headers.x),        '\u00ff <\\>',   /a/%FF%20%3C%5C%3E",
        "/a/$(headers.x),        ...,              /a/...",
        "/a?b=$(headers.x),      c#d,              /a?b=c%23d",
        "/a?b=$(headers.x),      ../d,             /a?b=../d",
        "$(headers.x),           //evil.example/b, /evil.example/b",
        "/$(headers.x),          /evil.example/b,  /evil.example/b",
        "//a/$(headers.x),       b,                //a/b",
        "/a/../$(headers.x),     b,                /a/../b",
        "$(headers.none or '/a?b#c'), x,           /a?b#c",
    })
    void aValueIsPartOfThePathAndNothingElse(String uri, String value, String expected) {
        var exchange = ExchangeFixture.get("/u/42").header("X", value);

        exchange.access(plugin(Map.of("replace", Map.of("uri", uri))));

        assertThat(exchange.upstream().path()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/$(headers.x),    ..",
        "/a/$(headers.x),    b/../../c",
        "/a/$(headers.x),    .",
        "/a/.$(headers.x)/b, .",
        "/a/..$(headers.x),  ''",
        "/a/$(headers.x),    %2e%2E",
        "/a/$(headers.x),    ..%2fb",
        "/a/$(headers.x),    '..\\b'",
        "/a/$(headers.x),    ..;b",
        "/a/$(headers.x),    %c0%ae%c0%ae",
        "/a/$(headers.x),    b%00",
        "$(headers.x),       ../b",
        "/a/../$(headers.x), ../b",
    })
    void aValueCannotLeadOutOfThePath(String uri, String value) {
        var exchange = ExchangeFixture.get("/u/42").header("X", value);

        exchange.access(plugin(Map.of("replace", Map.of("uri", uri))));

        assertThat(exchange.response().status()).isEqualTo(400);
        assertThat(exchange.upstream().path()).isEqualTo("/u/42");
    }

    @Test
    void bytesThatAreNotUtf8StayAsTheyAre() {
        var exchange = ExchangeFixture.request("POST", "/?q=%FF%C3%A9")
                .header("X", "\u00ff\u00c3\u00a9")
                .body(FORM, "a=1");

        exchange.access(plugin(Map.of(
                "add",
                Map.of(
                        "headers", List.of("y:<$(headers.x)>", "z:\u00e9$(query_params.q)"),
                        "querystring", List.of("h:\u00e9$(headers.x)"),
                        "body", List.of("b:$(headers.x)")))));

        assertThat(exchange.upstream().headers().all(HeaderName.of("y"))).containsExactly("<\u00ff\u00c3\u00a9>");
        assertThat(exchange.upstream().headers().all(HeaderName.of("z")))
                .containsExactly("\u00c3\u00a9\u00ff\u00c3\u00a9");
        assertThat(exchange.upstream().query()).isEqualTo("q=%FF%C3%A9&h=%C3%A9%FF%C3%A9");
        assertThat(exchange.upstream().sentBody()).contains("a=1&b=%FF%C3%A9");
    }

    @Test
    void removesBeforeItRenamesReplacesAddsAndAppends() {
        var exchange = ExchangeFixture.get("/").header("a", "1").header("b", "2");

        exchange.access(plugin(Map.of(
                "remove", Map.of("headers", List.of("a")),
                "rename", Map.of("headers", List.of("b:a")),
                "replace", Map.of("headers", List.of("a:3")),
                "add", Map.of("headers", List.of("a:4", "b:5")),
                "append", Map.of("headers", List.of("b:6")))));

        assertThat(exchange.upstream().headers().lines()).containsExactly("Host: example.com", "a: 3", "b: 5", "b: 6");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "add | headers | novalue | invalid value: novalue (expected: name:value)",
                "add | headers | a b:c | 'a b' is not a valid header",
                "rename | headers | a:b c | 'b c' is not a valid header",
                "remove | headers | a b | 'a b' is not a valid header",
                "add | body | a:$(f()) | template 'a:$(f())', position 6 (expected: headers, query_params, uri_captures, shared or a string, not 'f')",
                "append | querystring | a:$(headers.x | template 'a:$(headers.x', position 14 (expected: a closing parenthesis or quote)",
            })
    void namesTheFieldThatIsWrong(String kind, String part, String entry, String message) {
        var checked = TransformerSchema.request().check(Map.of(kind, Map.of(part, List.of(entry))));

        assertThat(checked.error()).isEqualTo(Map.of(kind, Map.of(part, List.of(message))));
    }

    @Test
    void refusesAMethodThatIsNone() {
        assertThat(TransformerSchema.request()
                        .check(Map.of("http_method", "get"))
                        .error())
                .isEqualTo(Map.of("http_method", "invalid value: get (expected: upper-case letters)"));
    }

    private static String part(String name, String value) {
        return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
    }

    private static Plugin plugin(String kind, String part, String entry) {
        return plugin(Map.of(kind, Map.of(part, List.of(entry))));
    }

    private static Plugin plugin(Map<String, Object> settings) {
        return PluginContextFixture.empty().create(new RequestTransformerPlugin.Factory(), new HashMap<>(settings));
    }
}
