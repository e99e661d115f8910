package io.sluice.node.boot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A small server that answers every request with what it got, as JSON. */
final class DemoUpstream implements AutoCloseable {

    private static final int SHOWN_BODY = 4096;

    private final String name;
    private final HttpServer server;

    private DemoUpstream(String name, HttpServer server) {
        this.name = name;
        this.server = server;
    }

    /** Starts one on a free port of loopback. */
    static DemoUpstream start(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        DemoUpstream upstream = new DemoUpstream(name, server);
        server.setExecutor(Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, "demo-" + name);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", upstream::answer);
        server.start();
        return upstream;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(SHOWN_BODY);
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            byte[] echo = echo(exchange, body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : echo.length);
            if (!head) {
                exchange.getResponseBody().write(echo);
            }
        }
    }

    private byte[] echo(HttpExchange exchange, byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("upstream", name);
            json.writeStringField("method", exchange.getRequestMethod());
            json.writeStringField("uri", exchange.getRequestURI().toString());
            json.writeObjectFieldStart("headers");
            for (var header : exchange.getRequestHeaders().entrySet()) {
                json.writeStringField(header.getKey(), String.join(", ", header.getValue()));
            }
            json.writeEndObject();
            json.writeStringField("body", new String(body, StandardCharsets.UTF_8));
            json.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
