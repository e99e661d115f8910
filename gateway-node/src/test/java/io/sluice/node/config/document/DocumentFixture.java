package io.sluice.node.config.document;

import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.kind.Entities;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A reader with a still clock, repeatable randomness and three plugins. */
public final class DocumentFixture {

    public static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z"));

    public static final PluginRegistry PLUGINS = PluginRegistry.of(List.of(
            new Kind("key-auth", false, Schema.of(Field.bool("hide_credentials", false))),
            new Kind(
                    "http-log",
                    true,
                    Schema.of(
                            Field.string("http_endpoint", TextRules.url())
                                    .mandatory()
                                    .asReferenceable()
                                    .asSecret(),
                            Field.of("headers", Type.map(Type.string(), Type.string()))
                                    .asReferenceable(),
                            Field.integer("timeout", Rules.greaterThan(0)).defaultsTo(10_000))),
            new Kind(
                    "rate-limiting",
                    true,
                    Schema.of(
                                    Field.number("second", Rules.greaterThan(0)),
                                    Field.number("minute", Rules.greaterThan(0)),
                                    Field.record(
                                            "redis",
                                            Schema.of(Field.string("password")
                                                    .asReferenceable()
                                                    .asSecret())))
                            .with(Checks.atLeastOneOf("second", "minute")))));

    private DocumentFixture() {}

    public static EntityCheck check() {
        return new EntityCheck(PLUGINS, RouterFlavor.TRADITIONAL_COMPATIBLE, CLOCK);
    }

    public static DeclarativeReader reader() {
        return reader(DocumentLimits.DEFAULT);
    }

    static DeclarativeReader reader(DocumentLimits limits) {
        return new DeclarativeReader(check(), new Random(7), CLOCK, limits);
    }

    /** Reads YAML of format 3.0 without its first line. */
    static ReadResult read(String yaml) {
        return reader().read("_format_version: '3.0'\n" + yaml, TextFormat.YAML);
    }

    /** Reads a good document. */
    public static GatewayConfig config(String yaml) {
        ReadResult result = read(yaml);
        return result.config().orElseThrow(() -> new AssertionError(result.problems()));
    }

    /** The same configuration whatever its text was. */
    static GatewayConfig hashless(GatewayConfig config) {
        return Entities.config("", Entities.of(config));
    }

    /** A certificate or key. */
    static String pem(String name) {
        try (var in = DocumentFixture.class.getResourceAsStream("/tls/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Kind(String name, boolean consumerScope, Schema settings) implements PluginFactory {
        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Set<Phase> phases() {
            return Set.of();
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new Plugin() {};
        }
    }
}
