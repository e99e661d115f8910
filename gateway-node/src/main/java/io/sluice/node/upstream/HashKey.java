package io.sluice.node.upstream;

import io.sluice.node.balance.KeyHash;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides its target with consistent hashing: an upstream's {@code hash_on}, and {@code hash_fallback} where
 * the request has nothing of that. Requests with neither all have the same key, as in Kong. Immutable.
 */
final class HashKey {

    /** A request has nothing to hash. */
    static final long ABSENT = 0;

    /** The key of requests that have nothing to hash. */
    static final long EMPTY = hashed("");

    /** Reads one thing off a request: its hash, or {@link #ABSENT}. */
    private interface Input {
        long key(Exchange exchange);
    }

    private final Input first;
    private final Input second;
    private final @Nullable KeyCookie cookie;

    private HashKey(Input first, Input second, @Nullable KeyCookie cookie) {
        this.first = first;
        this.second = second;
        this.cookie = cookie;
    }

    static HashKey of(Upstream upstream) {
        Map<String, String> arguments = upstream.hashArguments();
        boolean byCookie =
                upstream.hashOn() == Upstream.HashOn.COOKIE || upstream.hashFallback() == Upstream.HashOn.COOKIE;
        KeyCookie cookie = byCookie
                ? new KeyCookie(
                        required(arguments, "hash_on_cookie"), arguments.getOrDefault("hash_on_cookie_path", "/"))
                : null;
        return new HashKey(
                input(upstream.hashOn(), "hash_on_", arguments, cookie),
                input(upstream.hashFallback(), "hash_fallback_", arguments, cookie),
                cookie);
    }

    /** The cookie that a client without a key is given; null if keys are no cookies. */
    @Nullable
    KeyCookie cookie() {
        return cookie;
    }

    /** The request's key, or {@link #ABSENT}. */
    long key(Exchange exchange) {
        long key = first.key(exchange);
        return key == ABSENT ? second.key(exchange) : key;
    }

    /** The key of a text; never {@link #ABSENT}. */
    static long hashed(String text) {
        return present(KeyHash.of(text));
    }

    private static long present(long hash) {
        return hash == ABSENT ? 1 : hash;
    }

    private static Input input(
            Upstream.HashOn what, String prefix, Map<String, String> arguments, @Nullable KeyCookie cookie) {
        return switch (what) {
            case NONE -> exchange -> ABSENT;
            case CONSUMER -> HashKey::consumer;
            case IP -> exchange -> hashed(exchange.request().clientIp());
            case PATH -> exchange -> hashed(exchange.request().path());
            case HEADER -> {
                HeaderName name = HeaderName.of(required(arguments, prefix + "header"));
                yield exchange -> header(exchange, name);
            }
            case COOKIE -> exchange -> cookie == null ? ABSENT : sent(cookie.sent(exchange));
            case QUERY_ARG -> {
                String name = required(arguments, prefix + "query_arg");
                yield exchange -> argument(exchange.upstream().query(), name);
            }
            case URI_CAPTURE -> {
                String name = required(arguments, prefix + "uri_capture");
                yield exchange -> {
                    String value = exchange.captures().get(name);
                    return value == null ? ABSENT : hashed(value);
                };
            }
        };
    }

    private static String required(Map<String, String> arguments, String name) {
        String value = arguments.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing (expected: a name)"); // the schema refuses this
        }
        return value;
    }

    private static long consumer(Exchange exchange) {
        Optional<Consumer> consumer = exchange.consumer();
        if (consumer.isPresent()) {
            var id = consumer.get().id();
            return present(KeyHash.of(KeyHash.of(id.getMostSignificantBits()) ^ id.getLeastSignificantBits()));
        }
        Optional<String> credential = exchange.credential();
        return credential.isPresent() ? hashed(credential.get()) : ABSENT;
    }

    /** What a plugin has set counts before what the client sent; fields that are not passed on as they are count too. */
    private static long header(Exchange exchange, HeaderName name) {
        Optional<String> value = exchange.upstream().headers().first(name);
        value = value.isPresent() ? value : exchange.request().headers().first(name);
        return value.isPresent() ? hashed(value.get()) : ABSENT;
    }

    private static long sent(String cookie) {
        return cookie.isEmpty() ? ABSENT : hashed(cookie);
    }

    /** Several values count together whatever their order. */
    private static long argument(String query, String name) {
        if (query.isEmpty()) {
            return ABSENT;
        }
        List<String> values = UrlEncoded.parse(query).stream()
                .filter(argument -> argument.name().equals(name))
                .map(UrlEncoded.Argument::value)
                .sorted()
                .toList();
        return values.isEmpty() ? ABSENT : hashed(values.size() == 1 ? values.get(0) : String.join(",", values));
    }
}
