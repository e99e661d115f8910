package io.sluice.loadtest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/** As much of an API server as a watch needs: paged lists and watches over plain HTTP, objects as texts. Thread-safe. */
final class ObjectServer implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Map<String, String>> objects = new HashMap<>();
    private final Map<String, List<OutputStream>> watches = new HashMap<>();
    private final Map<String, NavigableMap<Long, String>> events = new HashMap<>();
    private int lists;
    private long version = 1;

    ObjectServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "object-server");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many lists were asked for, each page by itself. */
    synchronized int lists() {
        return lists;
    }

    /**
     * Creates or replaces an object and tells all who watch.
     *
     * @param text JSON, with {@code VERSION} in the place of its version
     */
    synchronized void put(String plural, String name, String text) {
        version++;
        String now = text.replace("VERSION", Long.toString(version));
        boolean added =
                objects.computeIfAbsent(plural, key -> new LinkedHashMap<>()).put(name, now) == null;
        String event = "{\"type\":\"" + (added ? "ADDED" : "MODIFIED") + "\",\"object\":" + now + "}\n";
        events.computeIfAbsent(plural, key -> new TreeMap<>()).put(version, event);
        watches.computeIfAbsent(plural, key -> new ArrayList<>()).removeIf(watch -> !send(watch, event));
    }

    private static boolean send(OutputStream watch, String event) {
        try {
            watch.write(event.getBytes(StandardCharsets.UTF_8));
            watch.flush();
            return true;
        } catch (IOException e) {
            return false; // whoever watched has gone
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String plural = path.substring(path.lastIndexOf('/') + 1);
        Map<String, String> query = query(exchange);
        if (!"true".equals(query.get("watch"))) {
            whole(exchange, page(plural, query));
        } else if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            whole(exchange, ""); // no WebSockets here
        } else {
            watch(exchange, plural, Long.parseLong(query.getOrDefault("resourceVersion", "0")));
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getQuery();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return query;
    }

    private static void whole(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private synchronized String page(String plural, Map<String, String> query) {
        lists++;
        List<String> all =
                new ArrayList<>(objects.getOrDefault(plural, Map.of()).values());
        int from = Integer.parseInt(query.getOrDefault("continue", "0"));
        int to = Math.min(all.size(), from + Integer.parseInt(query.getOrDefault("limit", "1000000")));
        String next = to < all.size() ? ",\"continue\":\"" + to + "\"" : "";
        return "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version + "\"" + next
                + "},\"items\":[" + String.join(",", all.subList(from, to)) + "]}";
    }

    private void watch(HttpExchange exchange, String plural, long after) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        synchronized (this) {
            NavigableMap<Long, String> all = events.getOrDefault(plural, new TreeMap<>());
            all.tailMap(after, false).values().forEach(event -> send(exchange.getResponseBody(), event));
            watches.computeIfAbsent(plural, key -> new ArrayList<>()).add(exchange.getResponseBody());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
