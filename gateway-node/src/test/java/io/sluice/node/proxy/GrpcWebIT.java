package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugins.grpcweb.GrpcWebPlugin;
import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Browsers' gRPC over HTTP/1.1 and HTTP/2 before a service by grpc-java. */
class GrpcWebIT {

    private GrpcService service;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        service = GrpcService.start();
        gateway =
                TestGateway.start(config(service.port()), ProxySettings.DEFAULT, List.of(new GrpcWebPlugin.Factory()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        service.close();
    }

    private static GatewayConfig config(int port) {
        return Configs.with(
                Configs.services(
                        Configs.to(port),
                        service -> new io.sluice.state.model.Service(
                                service.id(),
                                service.name(),
                                Protocol.GRPC,
                                service.host(),
                                service.port(),
                                null,
                                service.retries(),
                                service.connectTimeout(),
                                service.writeTimeout(),
                                service.readTimeout(),
                                null,
                                null,
                                null,
                                List.of(),
                                true,
                                List.of(),
                                0,
                                0)),
                Configs.plugin("grpc-web", Map.of("pass_stripped_path", false, "allow_origin_header", "*")));
    }

    private static String message(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer framed = ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes);
        return new String(framed.array(), StandardCharsets.ISO_8859_1);
    }

    private RawClient.Response call(String method, String type, String body) {
        return gateway.exchange("POST /test.Echo/" + method + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Frames of a body: content of messages, trailers behind an exclamation mark. */
    private static List<String> frames(String body) {
        List<String> frames = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            boolean trailers = bytes.get() < 0;
            byte[] content = new byte[bytes.getInt()];
            bytes.get(content);
            frames.add((trailers ? "!" : "") + new String(content, StandardCharsets.ISO_8859_1));
        }
        return frames;
    }

    private static String ofBase64(String text) {
        StringBuilder all = new StringBuilder();
        for (String piece : text.split("(?<==)(?!=)")) {
            all.append(new String(Base64.getDecoder().decode(piece), StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    @Test
    void passesAUnaryCall() {
        RawClient.Response response = call("Echo", "application/grpc-web+proto", message("hello"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).contains("application/grpc-web+proto");
        assertThat(response.header("Access-Control-Allow-Origin")).contains("*");
        assertThat(frames(response.body())).containsExactly("hello", "!grpc-status: 0\r\n");
    }

    @Test
    void passesACallInBase64() {
        byte[] first = message("hel").getBytes(StandardCharsets.ISO_8859_1);
        String asked = Base64.getEncoder().encodeToString(first);
        RawClient.Response response = call("Echo", "application/grpc-web-text", asked);

        assertThat(response.header("Content-Type")).contains("application/grpc-web-text");
        assertThat(frames(ofBase64(response.body()))).containsExactly("hel", "!grpc-status: 0\r\n");
    }

    @Test
    void passesAStreamOfTheServer() {
        RawClient.Response response = call("Count", "application/grpc-web", message("abc"));

        assertThat(frames(response.body())).containsExactly("", "\0", "\0\0", "!grpc-status: 0\r\n");
    }

    @Test
    void passesAnErrorWithItsTrailers() {
        RawClient.Response response = call("Fail", "application/grpc-web", message(""));

        assertThat(response.status()).isEqualTo(200);
        assertThat(frames(response.body()))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("!")
                .contains("grpc-status: 9\r\n")
                .contains("grpc-message: not yet: %C3%A9\r\n");
    }

    @Test
    void answersPreflights() {
        RawClient.Response response =
                gateway.exchange("OPTIONS /test.Echo/Echo HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("OK");
        assertThat(response.header("Access-Control-Allow-Methods")).contains("POST");
    }

    @Test
    void refusesOtherContentAndWrongBase64() {
        assertThat(call("Echo", "application/json", "{}").status()).isEqualTo(415);
        assertThat(call("Echo", "application/grpc-web-text", "!!!!").header("grpc-status"))
                .contains("3");
        assertThat(service.calls()).isZero();
    }

    @Test
    void saysTheStatusOfTheGatewaysOwnFailuresInTheHead() {
        service.close();
        RawClient.Response response = call("Echo", "application/grpc-web", message("x"));

        assertThat(response.header("grpc-status")).isPresent();
        assertThat(response.header("Content-Type")).contains("application/grpc-web");
    }

    @Test
    void passesCallsOverHttp2() {
        try (RawHttp2 client = RawHttp2.connect(gateway.listenHttp2()).begin()) {
            byte[] block = RawHttp2.block(
                    ":method: POST",
                    ":scheme: http",
                    ":path: /test.Echo/Echo",
                    ":authority: a",
                    "content-type: application/grpc-web");
            RawHttp2.Response response = client.headers(1, false, block)
                    .data(1, true, message("hello"))
                    .response(1);

            assertThat(frames(response.body())).containsExactly("hello", "!grpc-status: 0\r\n");
        }
    }
}
