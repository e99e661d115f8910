package io.sluice.state.model.kind;

import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.stream.LongStream;

/** The {@code healthchecks} of an upstream: probing, watching traffic, and when an upstream as a whole counts as down. */
final class HealthcheckSchema {

    private static final List<Long> FINE_IN_TRAFFIC = LongStream.concat(
                    LongStream.concat(LongStream.rangeClosed(200, 208), LongStream.of(226)),
                    LongStream.rangeClosed(300, 308))
            .boxed()
            .toList();

    static final Schema SCHEMA = Schema.of(
            Field.record("active", active()),
            Field.record("passive", passive()),
            Field.number("threshold", Rules.between(0, 100)).defaultsTo(0));

    private HealthcheckSchema() {}

    private static Schema active() {
        return Schema.of(
                type(),
                seconds("timeout", 1),
                Field.integer("concurrency", Rules.between(1, 1L << 31)).defaultsTo(10),
                Field.string("http_path", TextRules.path()).defaultsTo("/"),
                Field.string("https_sni", TextRules.sni()),
                Field.bool("https_verify_certificate", true).mandatory(),
                Field.of("headers", Type.map(Type.string(Rules.headerName()), Type.array(Type.string()))),
                Field.record(
                        "healthy",
                        Schema.of(seconds("interval", 0), statuses(List.of(200L, 302L)), counter("successes"))),
                Field.record(
                        "unhealthy",
                        Schema.of(
                                seconds("interval", 0),
                                statuses(List.of(429L, 404L, 500L, 501L, 502L, 503L, 504L, 505L)),
                                counter("tcp_failures"),
                                counter("timeouts"),
                                counter("http_failures"))));
    }

    private static Schema passive() {
        return Schema.of(
                type(),
                Field.record("healthy", Schema.of(statuses(FINE_IN_TRAFFIC), counter("successes"))),
                Field.record(
                        "unhealthy",
                        Schema.of(
                                statuses(List.of(429L, 500L, 503L)),
                                counter("tcp_failures"),
                                counter("timeouts"),
                                counter("http_failures"))));
    }

    private static Field type() {
        return Field.string("type", Rules.oneOf("tcp", "http", "https", "grpc", "grpcs"))
                .defaultsTo("http");
    }

    private static Field seconds(String name, int preset) {
        return Field.number(name, Rules.between(0, 65_535)).defaultsTo(preset);
    }

    private static Field counter(String name) {
        return Field.integer(name, Rules.between(0, 255)).defaultsTo(0);
    }

    private static Field statuses(List<Long> preset) {
        return Field.of("http_statuses", Type.array(Type.integer(Rules.between(100, 999))))
                .defaultsTo(preset);
    }
}
