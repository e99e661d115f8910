package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.OutBuffer;
import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Verdict;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Makes the responses that no upstream made: plugins' answers and failures. */
final class OwnAnswer {

    private static final HeaderName CONTENT_TYPE = KnownField.CONTENT_TYPE.headerName();
    private static final HeaderName UPGRADE = KnownField.UPGRADE.headerName();
    private static final String JSON = "application/json";

    private final ProxyExchange exchange;
    private final ProxyContext context;
    private final PhaseRunner phases;

    OwnAnswer(ProxyExchange exchange, ProxyContext context, PhaseRunner phases) {
        this.exchange = exchange;
        this.context = context;
        this.phases = phases;
    }

    /** The answer that a failure means. */
    static Verdict.Answer of(ProxyFailure failure) {
        return Verdict.error(failure.status(), failure.message());
    }

    /**
     * The answer while an upstream's circuit is open.
     *
     * @param seconds after which to ask again
     */
    static Verdict.Answer circuitOpen(long seconds) {
        return of(ProxyFailure.CIRCUIT_OPEN).header("Retry-After", Long.toString(seconds));
    }

    /**
     * Runs the response phases for an answer and writes it.
     *
     * @param routerStyle whether Kong's router or a plugin speaks (JSON by default) rather than nginx
     */
    void write(Verdict.Answer answer, boolean routerStyle, boolean keepAlive, LoopState loop, OutBuffer target) {
        phases.selectRest();
        ByteString body = make(answer, routerStyle);
        while (body == null) { // a plugin failed and is left out from now on, so this ends
            body = make(of(ProxyFailure.UNEXPECTED), true);
        }
        ResponseView response = exchange.answer();
        boolean bodyless = response.status() == 204 || response.status() == 304;
        long length = bodyless ? -1 : body.size();
        boolean proxied = exchange.sentUpstream() && response.status() >= 500;
        ByteWriter out = loop.loop().writer();
        HeadRenderer.own(
                out,
                exchange,
                context,
                loop.date().line(),
                new HeadRenderer.OwnHead(
                        length, keepAlive, proxied, exchange.age(loop.loop().now())));
        target.put(out);
        if (!bodyless && !exchange.client().head().methodIs("HEAD")) {
            response.content(body.size());
            target.put(body.asByteBuffer());
        }
    }

    /** Runs the response phases and gives the body; null if a plugin failed. */
    private @Nullable ByteString make(Verdict.Answer answer, boolean routerStyle) {
        ResponseView response = exchange.answer();
        response.own(answer.status());
        ByteString body = body(answer, routerStyle);
        for (Header header : answer.headers()) {
            if (answer.status() == 426 && header.name().equals(UPGRADE)) {
                response.edits().addFraming(KnownField.UPGRADE, header.value()); // what the client should speak instead
            } else {
                response.edits().add(header.name(), header.value());
            }
        }
        List<BodyFilter> filters = phases.responseHead() ? phases.bodyFilters() : null;
        return filters == null ? null : filtered(body, filters);
    }

    private ByteString body(Verdict.Answer answer, boolean routerStyle) {
        if (answer.body() instanceof Verdict.Answer.Exact exact) {
            if (!exact.contentType().isEmpty()) {
                exchange.answer().edits().set(CONTENT_TYPE, exact.contentType());
            }
            return exact.bytes();
        }
        if (answer.body() instanceof Verdict.Answer.Negotiated negotiated) {
            return negotiated(negotiated.message(), routerStyle);
        }
        return ByteString.emptyByteString();
    }

    private ByteString negotiated(String message, boolean routerStyle) {
        Optional<String> type = header(KnownField.CONTENT_TYPE);
        if (type.isPresent() && type.get().startsWith("application/grpc")) {
            exchange.answer()
                    .edits()
                    .set(
                            HeaderName.of("grpc-status"),
                            exchange.hasMatch() || !exchange.client().peer().http2()
                                    ? GrpcStatus.of(exchange.answer().status())
                                    : GrpcStatus.ofUnrouted(exchange.answer().status()));
            exchange.answer().edits().set(CONTENT_TYPE, "application/grpc"); // without it, clients see no gRPC at all
            exchange.answer().edits().set(HeaderName.of("grpc-message"), Header.encoded(message));
            return ByteString.emptyByteString();
        }
        String fallback =
                routerStyle ? JSON : ErrorBody.fallback(type, context.settings().errorDefaultType());
        ErrorBody body = ErrorBody.of(message, exchange.id(), header(KnownField.ACCEPT), fallback);
        exchange.answer().edits().set(CONTENT_TYPE, body.contentType());
        return body.bytes();
    }

    private Optional<String> header(KnownField field) {
        return exchange.client().head().fields().first(field.headerName());
    }

    private static @Nullable ByteString filtered(ByteString body, List<BodyFilter> filters) {
        ByteString passing = body;
        try {
            for (BodyFilter filter : filters) {
                ByteString begun = passing.isEmpty() ? passing : filter.onChunk(passing);
                passing = begun.concat(filter.onEnd());
            }
            return passing;
        } catch (GuardedFilter.FailedException e) {
            return null;
        }
    }
}
