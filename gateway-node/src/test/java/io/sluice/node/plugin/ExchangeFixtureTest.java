package io.sluice.node.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExchangeFixtureTest {
    @Test
    void headersIgnoreCaseAndSetReplacesInPlace() {
        var headers = ExchangeFixture.get("/")
                .header("A", "1")
                .header("B", "2")
                .header("a", "3")
                .upstream()
                .headers();

        assertThat(headers.all(HeaderName.of("a"))).containsExactly("1", "3");
        headers.set(HeaderName.of("a"), "4");

        assertThat(headers.lines()).containsExactly("Host: example.com", "a: 4", "B: 2");
    }

    @Test
    void headersRefuseWhatCannotBeSent() {
        var headers = ExchangeFixture.get("/").upstream().headers();

        assertThatThrownBy(() -> headers.set(HeaderName.of("a"), "x\r\ny"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> headers.add(HeaderName.of("a"), "\u20ac"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void authenticationReplacesWhatTheClientClaimed() {
        var exchange = ExchangeFixture.get("/")
                .header("x-consumer-id", "spoofed")
                .header("X-Consumer-Custom-ID", "spoofed")
                .header("X-Anonymous-Consumer", "true");

        exchange.authenticate(ConfigFixture.consumer("alice"), ConfigFixture.id("key"), "identifier");

        assertThat(exchange.upstream().headers().lines())
                .containsExactlyInAnyOrder(
                        "Host: example.com",
                        "X-Consumer-ID: " + ConfigFixture.id("alice"),
                        "X-Consumer-Username: alice",
                        "X-Credential-Identifier: identifier");
        assertThat(exchange.request().headers().value("X-Consumer-ID")).isEqualTo("spoofed");
    }

    @Test
    void bodyIsBounded() {
        var request = ExchangeFixture.request("POST", "/").chunked("12345").request();

        assertThat(request.contentLength()).isEmpty();
        assertThat(request.body(5).toCompletableFuture().join().utf8String()).isEqualTo("12345");
        assertThat(request.body(4).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void bodyMayArriveLater() {
        var exchange = ExchangeFixture.request("POST", "/").chunked("12345").slowBody();
        var body = exchange.request().body(5).toCompletableFuture();

        assertThat(body).isNotDone();
        exchange.bodyArrives();

        assertThat(body).isCompleted();
    }

    @Test
    void queryValuesAreDecoded() {
        var request = ExchangeFixture.get("/a?k=1&k=%20x&flag&k=").request();

        assertThat(request.path()).isEqualTo("/a");
        assertThat(request.rawQuery()).isEqualTo("k=1&k=%20x&flag&k=");
        assertThat(request.queryValues("k")).containsExactly("1", " x", "");
        assertThat(request.queryValues("flag")).containsExactly("");
        assertThat(request.queryValues("none")).isEmpty();
    }

    @Test
    void answersBecomeTheResponse() {
        var exchange = ExchangeFixture.get("/");
        Plugin denying = new Plugin() {
            @Override
            public Verdict access(Exchange any) {
                return Verdict.error(403, "no").header("A", "b");
            }
        };

        exchange.access(denying);

        assertThat(exchange.response().status()).isEqualTo(403);
        assertThat(exchange.response().source()).isEqualTo(Response.Source.GATEWAY);
        assertThat(exchange.response().headers().value("a")).isEqualTo("b");
        assertThat(exchange.response().body())
                .isEqualTo("{\n  \"message\":\"no\",\n  \"request_id\":\"" + ExchangeFixture.ID + "\"\n}");
    }
}
