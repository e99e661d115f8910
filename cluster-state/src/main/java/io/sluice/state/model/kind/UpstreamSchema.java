package io.sluice.state.model.kind;

import io.sluice.state.model.HostPort;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Upstreams: fields, rules, and how algorithm and hash input imply each other. */
final class UpstreamSchema implements Codec<Upstream> {

    private static final List<String> HASH_WORDS =
            List.of("none", "consumer", "ip", "header", "cookie", "path", "query_arg", "uri_capture");
    private static final String ROUND_ROBIN = "round-robin";
    private static final String CONSISTENT_HASHING = "consistent-hashing";

    /** Those that hash nothing. */
    private static final List<String> HASHLESS =
            List.of("least-connections", "latency", "power-of-two-choices", "sticky-sessions");

    private static final List<String> ALGORITHMS = List.of(
            CONSISTENT_HASHING, "least-connections", ROUND_ROBIN, "latency", "power-of-two-choices", "sticky-sessions");

    private static final String COOKIE_PATH = "hash_on_cookie_path";

    /** The fields that say what exactly is hashed. */
    private static final List<String> ARGUMENTS = List.of(
            "hash_on_header",
            "hash_fallback_header",
            "hash_on_cookie",
            COOKIE_PATH,
            "hash_on_query_arg",
            "hash_fallback_query_arg",
            "hash_on_uri_capture",
            "hash_fallback_uri_capture");

    static final Schema SCHEMA = fields().with(Checks.requiredWhen("hash_on_header", "hash_on", "header"))
            .with(Checks.requiredWhen("hash_fallback_header", "hash_fallback", "header"))
            .with(Checks.requiredWhen("hash_on_cookie", "hash_on", "cookie"))
            .with(Checks.requiredWhen("hash_on_cookie", "hash_fallback", "cookie"))
            .with(Checks.oneOfWhen("hash_fallback", List.of("none"), "hash_on", "none"))
            .with(Checks.oneOfWhen("hash_fallback", List.of("none"), "hash_on", "cookie"))
            .with(Checks.oneOfWhen("hash_fallback", without("consumer"), "hash_on", "consumer"))
            .with(Checks.oneOfWhen("hash_fallback", without("ip"), "hash_on", "ip"))
            .with(Checks.oneOfWhen("hash_fallback", without("path"), "hash_on", "path"))
            .with(Checks.distinct("hash_on_header", "hash_fallback_header"))
            .with(Checks.requiredWhen("hash_on_query_arg", "hash_on", "query_arg"))
            .with(Checks.requiredWhen("hash_fallback_query_arg", "hash_fallback", "query_arg"))
            .with(Checks.distinct("hash_on_query_arg", "hash_fallback_query_arg"))
            .with(Checks.requiredWhen("hash_on_uri_capture", "hash_on", "uri_capture"))
            .with(Checks.requiredWhen("hash_fallback_uri_capture", "hash_fallback", "uri_capture"))
            .with(Checks.distinct("hash_on_uri_capture", "hash_fallback_uri_capture"))
            .with(UpstreamOptionsSchema.STICKY_NEEDS_COOKIE)
            .with(UpstreamOptionsSchema.BOUND_NEEDS_HASHING)
            .with(UpstreamOptionsSchema.HEDGING_NEEDS_A_CHOICE);

    private static Schema fields() {
        Rule hashWord = Rules.oneOf(HASH_WORDS.toArray());
        return Schema.of(
                        Fields.id(),
                        Fields.createdAt(),
                        Fields.updatedAt(),
                        Field.string("name", hostName(), Fields.UNIQUE).mandatory(),
                        Field.string("algorithm", Rules.oneOf(ALGORITHMS.toArray()))
                                .defaultsTo(ROUND_ROBIN),
                        Field.string("hash_on", hashWord).defaultsTo("none"),
                        Field.string("hash_fallback", hashWord).defaultsTo("none"),
                        Field.string("hash_on_header", Rules.headerName()),
                        Field.string("hash_fallback_header", Rules.headerName()),
                        Field.string("hash_on_cookie", cookieName()),
                        Field.string(COOKIE_PATH, TextRules.path()).defaultsTo("/"),
                        Field.string("hash_on_query_arg", Rules.minimumLength(1)),
                        Field.string("hash_fallback_query_arg", Rules.minimumLength(1)),
                        Field.string("hash_on_uri_capture", Rules.minimumLength(1)),
                        Field.string("hash_fallback_uri_capture", Rules.minimumLength(1)),
                        Field.integer("slots", Rules.between(10, 65_536)).defaultsTo(10_000),
                        Field.record("healthchecks", HealthcheckSchema.SCHEMA),
                        Fields.tags(),
                        Field.string("host_header", TextRules.hostWithOptionalPort()),
                        Fields.foreign("client_certificate", "certificates"),
                        Field.bool("use_srv_name", false))
                .with(UpstreamOptionsSchema.fields());
    }

    /** A real hash input asks for consistent hashing, none for round-robin; the other algorithms drop the input. */
    static Map<String, @Nullable Object> expand(Map<String, @Nullable Object> given) {
        Map<String, @Nullable Object> expanded = new LinkedHashMap<>(given);
        if ("weighted-round-robin".equals(given.get("algorithm"))) {
            expanded.put("algorithm", ROUND_ROBIN); // as older KongIngress objects say it
        }
        Object algorithm = expanded.get("algorithm");
        if (algorithm instanceof String word && HASHLESS.contains(word)) {
            expanded.put("hash_on", "none");
        } else if (given.get("hash_on") instanceof String word && HASH_WORDS.contains(word)) {
            if (algorithm == null || ROUND_ROBIN.equals(algorithm) || CONSISTENT_HASHING.equals(algorithm)) {
                expanded.put("algorithm", word.equals("none") ? ROUND_ROBIN : CONSISTENT_HASHING);
            }
        }
        return expanded;
    }

    private static List<String> without(String word) {
        return HASH_WORDS.stream().filter(other -> !other.equals(word)).toList();
    }

    private static Rule hostName() {
        return TextRules.rule("host_name", name -> {
            Optional<HostPort> host = HostPort.parse(name);
            String begin = "Invalid name ('" + name + "'); ";
            if (host.isEmpty()) {
                return begin + "must be a valid hostname";
            }
            if (host.get().kind() != HostPort.Kind.NAME) {
                return begin + "no ip addresses allowed";
            }
            return host.get().port() == null ? "" : begin + "no port allowed";
        });
    }

    static Rule cookieName() {
        return Rules.custom(
                "cookie_name",
                value -> ((String) value)
                        .chars()
                        .allMatch(c -> c > ' ' && c < 127 && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0),
                "bad cookie name '%s', allowed characters are A-Z, a-z, 0-9, '_', '-', '.' and other token characters");
    }

    @Override
    public Upstream decode(Settings tree) {
        Map<String, String> arguments = new LinkedHashMap<>();
        ARGUMENTS.forEach(name -> tree.optionalString(name).ifPresent(value -> arguments.put(name, value)));
        return new Upstream(
                Fields.uuid(tree),
                tree.string("name"),
                Fields.constant(Upstream.Algorithm.class, tree.string("algorithm")),
                Fields.integer(tree, "slots"),
                Fields.constant(Upstream.HashOn.class, tree.string("hash_on")),
                Fields.constant(Upstream.HashOn.class, tree.string("hash_fallback")),
                Map.copyOf(arguments),
                Fields.text(tree, "host_header"),
                Fields.reference(tree, "client_certificate"),
                tree.bool("use_srv_name"),
                tree.record("healthchecks").values(),
                UpstreamOptionsSchema.decode(tree),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(Upstream upstream) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", upstream.id().toString());
        tree.put("created_at", Fields.time(upstream.createdAt()));
        tree.put("updated_at", Fields.time(upstream.updatedAt()));
        tree.put("name", upstream.name());
        tree.put("algorithm", Fields.dashed(upstream.algorithm()));
        tree.put("hash_on", Fields.word(upstream.hashOn()));
        tree.put("hash_fallback", Fields.word(upstream.hashFallback()));
        ARGUMENTS.forEach(name -> tree.put(name, upstream.hashArguments().get(name)));
        tree.put("slots", (long) upstream.slots());
        tree.put("healthchecks", upstream.healthchecks());
        tree.put("tags", Fields.encoded(upstream.tags()));
        tree.put("host_header", upstream.hostHeader());
        tree.put("client_certificate", Fields.encoded(upstream.clientCertificate()));
        tree.put("use_srv_name", upstream.useSrvName());
        UpstreamOptionsSchema.encode(upstream.options(), tree);
        return tree;
    }
}
