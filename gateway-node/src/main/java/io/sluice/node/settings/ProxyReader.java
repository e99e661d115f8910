package io.sluice.node.settings;

import io.sluice.node.settings.ProxySettings.TokenHeader;
import io.sluice.state.model.Cidr;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads how requests are passed on, and what clients and upstream connections are allowed. */
final class ProxyReader {

    private static final Map<String, Set<TokenHeader>> TOKENS = Map.ofEntries(
            Map.entry("server_tokens", EnumSet.of(TokenHeader.SERVER, TokenHeader.VIA)),
            Map.entry(
                    "latency_tokens",
                    EnumSet.of(
                            TokenHeader.PROXY_LATENCY,
                            TokenHeader.RESPONSE_LATENCY,
                            TokenHeader.ADMIN_LATENCY,
                            TokenHeader.UPSTREAM_LATENCY)),
            Map.entry("server", EnumSet.of(TokenHeader.SERVER)),
            Map.entry("via", EnumSet.of(TokenHeader.VIA)),
            Map.entry("x-kong-proxy-latency", EnumSet.of(TokenHeader.PROXY_LATENCY)),
            Map.entry("x-kong-response-latency", EnumSet.of(TokenHeader.RESPONSE_LATENCY)),
            Map.entry("x-kong-admin-latency", EnumSet.of(TokenHeader.ADMIN_LATENCY)),
            Map.entry("x-kong-upstream-latency", EnumSet.of(TokenHeader.UPSTREAM_LATENCY)),
            Map.entry("x-kong-upstream-status", EnumSet.of(TokenHeader.UPSTREAM_STATUS)),
            Map.entry("x-kong-request-id", EnumSet.of(TokenHeader.REQUEST_ID)),
            Map.entry("off", EnumSet.noneOf(TokenHeader.class)));

    private ProxyReader() {}

    static ProxySettings read(Values values, List<ListenSettings> listeners) {
        return new ProxySettings(
                values.list("trusted_ips", ProxyReader::peer).stream()
                        .flatMap(List::stream)
                        .toList(),
                realIpHeader(values, listeners),
                values.flag("real_ip_recursive"),
                headers(values),
                values.word("error_default_type", "text/plain", "application/json", "text/html", "application/xml"),
                portMaps(values),
                values.flag("allow_debug_header"),
                client(values),
                pool(values));
    }

    /** The block, or none for Kong's {@code unix:}, a kind of peer that does not exist here. */
    private static List<Cidr> peer(String text) {
        return text.equals("unix:")
                ? List.of()
                : List.of(Cidr.parse(text)
                        .orElseThrow(
                                () -> new IllegalArgumentException("addresses and blocks such as 10.0.0.0/8, ::1")));
    }

    private static Set<TokenHeader> headers(Values values) {
        Set<TokenHeader> all = EnumSet.noneOf(TokenHeader.class);
        values.list("headers", text -> {
                    Set<TokenHeader> some = TOKENS.get(text.toLowerCase(Locale.ROOT));
                    if (some == null) {
                        throw new IllegalArgumentException("server_tokens, latency_tokens, Server, Via,"
                                + " X-Kong-Proxy-Latency, X-Kong-Response-Latency, X-Kong-Admin-Latency,"
                                + " X-Kong-Upstream-Latency, X-Kong-Upstream-Status, X-Kong-Request-Id or off");
                    }
                    return some;
                })
                .forEach(all::addAll);
        List<String> upstream = values.list("headers_upstream", text -> {
            String word = text.toLowerCase(Locale.ROOT);
            if (!word.equals("off") && !word.equals("x-kong-request-id")) {
                throw new IllegalArgumentException("X-Kong-Request-Id or off");
            }
            return word;
        });
        if (upstream.contains("x-kong-request-id")) {
            all.add(TokenHeader.UPSTREAM_REQUEST_ID);
        }
        return Set.copyOf(all);
    }

    private static Map<Integer, Integer> portMaps(Values values) {
        Map<Integer, Integer> seen = new TreeMap<>();
        values.list("port_maps", text -> {
                    String[] ports = text.split(":", -1);
                    if (ports.length != 2) {
                        throw new IllegalArgumentException("seen:listening, such as 80:8000");
                    }
                    return List.of(
                            Values.number(ports[0].strip(), 1, 65535), Values.number(ports[1].strip(), 1, 65535));
                })
                .forEach(pair -> seen.put(pair.get(1), pair.get(0)));
        return Map.copyOf(seen);
    }

    private static ClientSettings client(Values values) {
        values.text("large_client_header_buffers");
        int[] buffers = values.parsed("large_client_header_buffers", text -> {
            String[] words = text.split("\\s+");
            long size = words.length == 2 ? Values.bytes(words[1]) : 0;
            if (size < 1024 || size > 1 << 20) {
                throw new IllegalArgumentException("number and size of 1k to 1m, such as 4 8k");
            }
            return new int[] {Values.number(words[0], 1, 64), (int) size};
        });
        return new ClientSettings(
                buffers[0] * buffers[1],
                buffers[1],
                buffers[1],
                values.whole("lua_max_req_headers", 1, 1000),
                values.size("client_max_body_size"),
                values.time("client_header_timeout"),
                values.time("client_body_timeout"),
                values.whole("client_minimum_body_rate", 0, Integer.MAX_VALUE),
                values.time("keepalive_timeout"),
                values.time("send_timeout"),
                values.whole("keepalive_requests", 1, Integer.MAX_VALUE),
                values.whole("worker_connections", 1, Integer.MAX_VALUE));
    }

    private static PoolSettings pool(Values values) {
        int requests = values.whole("upstream_keepalive_max_requests", 0, Integer.MAX_VALUE);
        Duration idle = values.time("upstream_keepalive_idle_timeout");
        return new PoolSettings(
                values.whole("upstream_keepalive_pool_size", 0, Integer.MAX_VALUE),
                requests == 0 ? Integer.MAX_VALUE : requests,
                idle.isZero() ? Duration.ofDays(365) : idle);
    }

    private static String realIpHeader(Values values, List<ListenSettings> listeners) {
        String header = values.text("real_ip_header");
        if (!header.equalsIgnoreCase(ProxySettings.PROXY_PROTOCOL)) {
            return header;
        }
        if (listeners.stream().noneMatch(ListenSettings::proxyProtocol)) {
            values.refuse(
                    "real_ip_header",
                    "proxy_protocol (expected: a header's name, or a listener of proxy_listen with proxy_protocol)");
        }
        return ProxySettings.PROXY_PROTOCOL;
    }
}
