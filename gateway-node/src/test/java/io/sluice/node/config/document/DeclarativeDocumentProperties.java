package io.sluice.node.config.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every document. */
class DeclarativeDocumentProperties {

    private final DeclarativeReader reader = DocumentFixture.reader();

    @Property(tries = 500)
    void noTextMakesItThrow(@ForAll String text, @ForAll TextFormat format) {
        assertThatCode(() -> reader.read(text, format)).doesNotThrowAnyException();
    }

    @Property(tries = 500)
    void noTreeMakesItThrow(@ForAll("trees") Map<String, Object> tree) {
        Map<String, Object> root = new LinkedHashMap<>(tree);
        root.put("_format_version", "1.1");

        ReadResult result = reader.read(root, "0");

        assertThat(result.config().isPresent()).isEqualTo(result.problems().isEmpty());
        assertThatCode(() -> result.errors().body(true)).doesNotThrowAnyException();
    }

    @Property(tries = 200)
    void whatIsWrittenReadsBackTheSame(@ForAll("documents") Map<String, Object> document) {
        ReadResult first = reader.read(new LinkedHashMap<>(document), "0");
        GatewayConfig config = first.config().orElseThrow(() -> new AssertionError(first.problems()));

        ReadResult second = reader.read(DeclarativeWriter.yaml(config), TextFormat.YAML);

        assertThat(second.problems()).isEmpty();
        assertThat(DocumentFixture.hashless(second.config().orElseThrow())).isEqualTo(DocumentFixture.hashless(config));
    }

    /** Trees whose keys are words of the format, so that nonsense reaches deep. */
    @Provide
    Arbitrary<Map<String, Object>> trees() {
        List<String> words =
                new ArrayList<>(List.of("name", "id", "config", "url", "groups", "consumers", "_config", "set"));
        for (EntityKind kind : EntityKind.values()) {
            words.add(kind.plural());
            kind.schema().fields().forEach(field -> words.add(field.name()));
        }
        Arbitrary<Object> scalar = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(8).map(text -> (Object) text),
                Arbitraries.of("http", "~/(", "*.a", "key-auth", "{vault://env/x}", "::1", "https://h", "%zz"),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.of(true, false).map(flag -> (Object) flag));
        Arbitrary<Object> node = scalar;
        for (int depth = 0; depth < 4; depth++) {
            Arbitrary<Object> inner = node;
            node = Arbitraries.oneOf(
                    scalar,
                    inner.injectNull(0.1).list().ofMaxSize(3).map(list -> (Object) new ArrayList<>(list)),
                    Arbitraries.maps(Arbitraries.of(words), inner).ofMaxSize(4).map(map ->
                            (Object) new LinkedHashMap<>(map)));
        }
        return Arbitraries.maps(Arbitraries.of(words), node).ofMaxSize(5);
    }

    @Provide
    Arbitrary<Map<String, Object>> documents() {
        Arbitrary<String> name =
                Arbitraries.strings().withChars("abcXYZ019._~-é").ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> anyText = Arbitraries.strings()
                .all()
                .excludeChars('\0')
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(this::isWellFormed);
        Arbitrary<List<String>> names =
                name.list().uniqueElements().ofMinSize(1).ofMaxSize(4);
        Arbitrary<List<String>> usernames =
                anyText.list().uniqueElements().ofMinSize(1).ofMaxSize(4);
        Arbitrary<List<String>> tags = name.list().uniqueElements().ofMaxSize(3);
        return Combinators.combine(
                        names,
                        usernames,
                        tags,
                        Arbitraries.integers().between(0, 65_535),
                        Arbitraries.of("consistent-hashing", "least-connections", "round-robin", "latency"),
                        Arbitraries.of("none", "ip", "path"))
                .as(this::document);
    }

    private Map<String, Object> document(
            List<String> names,
            List<String> usernames,
            List<String> tags,
            int number,
            String algorithm,
            String hashOn) {
        List<Object> services = new ArrayList<>();
        List<Object> upstreams = new ArrayList<>();
        for (String name : names) {
            Map<String, Object> route = new LinkedHashMap<>();
            route.put("paths", List.of("/" + services.size(), "~/x" + services.size() + "$"));
            route.put("tags", tags);
            route.put("headers", Map.of("x-a", List.of("1: # '\"", "no")));
            Map<String, Object> service = new LinkedHashMap<>();
            service.put("name", name);
            service.put("url", "https://host:" + number + "/p");
            service.put("routes", List.of(route));
            service.put("plugins", List.of(Map.of("name", "rate-limiting", "config", Map.of("minute", number + 0.5))));
            services.add(service);
            Map<String, Object> upstream = new LinkedHashMap<>();
            upstream.put("name", "u" + upstreams.size());
            upstream.put("algorithm", algorithm);
            if (!hashOn.equals("none")) {
                upstream.put("hash_on", hashOn);
            }
            upstream.put("targets", List.of(Map.of("target", "h" + upstreams.size(), "weight", number)));
            upstreams.add(upstream);
        }
        List<Object> consumers = new ArrayList<>();
        for (String username : usernames) {
            consumers.add(Map.of(
                    "username",
                    username,
                    "acls",
                    List.of(Map.of("group", username)),
                    "keyauth_credentials",
                    List.of(Map.of("key", "k-" + username)),
                    "basicauth_credentials",
                    List.of(Map.of("username", username, "password", username))));
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("_format_version", "3.0");
        root.put("services", services);
        root.put("upstreams", upstreams);
        root.put("consumers", consumers);
        return root;
    }

    private boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
