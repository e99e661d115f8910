package io.sluice.node.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.ClusterObjects;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.translate.Translation;
import io.sluice.k8s.translate.Translator;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugins.BuiltInPlugins;
import io.sluice.state.model.RouterFlavor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the objects are, their translation is a document that the reader takes: no object spoils it for the others. */
class KubernetesDocumentsTest {

    private static final Path GOLDEN = Path.of("../k8s-discovery/src/test/golden");
    private static final EntityCheck CHECK = new EntityCheck(
            PluginRegistry.of(BuiltInPlugins.all()), RouterFlavor.TRADITIONAL_COMPATIBLE, DocumentFixture.CLOCK);
    private static final Translator TRANSLATOR =
            new Translator(new TranslationSettings("kong", "cluster.local"), new KubernetesRules(CHECK));
    private static final List<Object> ODD = List.of(
            "",
            "a b",
            "/../x",
            "~(",
            "kong",
            "default",
            -1L,
            70_000L,
            true,
            List.of(),
            List.of("x", 5L),
            Map.of("x", 1L));

    static Stream<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theReaderTakesEveryTranslation(String name) throws Exception {
        Translation translation = translate(objects(name));

        assertThat(read(translation).problems()).isEmpty();
    }

    @Test
    void theReaderTakesAllObjectsTogether() throws Exception {
        Translation translation = translate(allObjects());

        assertThat(read(translation).problems()).isEmpty();
        assertThat(translation.programmed()).hasSizeGreaterThan(20);
    }

    @Test
    void noOddFieldSpoilsTheDocument() throws Exception {
        List<Map<String, @Nullable Object>> objects = allObjects();
        Random random = new Random(20_260_101);

        for (int round = 0; round < 200; round++) {
            List<Map<String, @Nullable Object>> some = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Map<String, @Nullable Object> object = copy(objects.get(random.nextInt(objects.size())));
                spoil(object, random);
                some.add(object);
            }

            assertThat(read(translate(some)).problems()).as("round " + round).isEmpty();
        }
    }

    @Test
    void theOrderOfTheObjectsMakesNoDifference() throws Exception {
        List<Map<String, @Nullable Object>> objects = objects("credential-all-types");
        objects.addAll(objects("plugin-on-two-routes"));
        objects.addAll(objects("endpoints-of-two-slices"));
        List<Map<String, @Nullable Object>> reversed = new ArrayList<>(objects);
        java.util.Collections.reverse(reversed);
        Set<String> seen = new HashSet<>();
        reversed.removeIf(one -> !seen.add(name(one)));
        List<Map<String, @Nullable Object>> forward = new ArrayList<>(reversed);
        java.util.Collections.reverse(forward);

        assertThat(DeclarativeReader.hash(translate(forward).document()))
                .isEqualTo(DeclarativeReader.hash(translate(reversed).document()));
    }

    private static String name(Map<String, @Nullable Object> object) {
        Map<?, ?> metadata = object.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
        return object.get("kind") + " " + metadata.get("namespace") + "/" + metadata.get("name");
    }

    private static ReadResult read(Translation translation) {
        return new DeclarativeReader(CHECK, new Random(7), DocumentFixture.CLOCK, DocumentLimits.DEFAULT)
                .read(translation.document(), "0".repeat(32));
    }

    private static Translation translate(List<Map<String, @Nullable Object>> trees) {
        List<Decoded> decoded = new ArrayList<>();
        trees.forEach(tree -> ObjectDecoder.decode(tree).ifPresent(decoded::add));
        return TRANSLATOR.translate(ClusterObjects.of(decoded));
    }

    private static List<Map<String, @Nullable Object>> allObjects() throws Exception {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (String name : cases().toList()) {
            all.addAll(objects(name));
        }
        return all;
    }

    private static List<Map<String, @Nullable Object>> objects(String name) throws Exception {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        String text = Files.readString(GOLDEN.resolve(name).resolve("in.yaml"));
        for (String part : text.split("(?m)^---$")) {
            if (YamlDocument.read(part, DocumentLimits.DEFAULT) instanceof Map<?, ?> map) {
                objects.add(EntityCheck.tree(map));
            }
        }
        return objects;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> copy(Map<String, @Nullable Object> tree) {
        return (Map<String, @Nullable Object>) io.sluice.k8s.api.PlainTree.value(new LinkedHashMap<>(tree));
    }

    /** Puts something odd at one place, deeper or less deep. */
    @SuppressWarnings("unchecked")
    private static void spoil(Object tree, Random random) {
        if (tree instanceof Map<?, ?> map && !map.isEmpty()) {
            List<String> keys = new ArrayList<>(((Map<String, Object>) map).keySet());
            String key = keys.get(random.nextInt(keys.size()));
            Object below = map.get(key);
            boolean deeper = (below instanceof Map<?, ?> || below instanceof List<?>) && random.nextInt(6) > 0;
            if (deeper) {
                spoil(below, random);
            } else if (!key.equals("kind") && !key.equals("apiVersion")) {
                ((Map<String, Object>) map).put(key, odd(random));
            }
        } else if (tree instanceof List<?> list && !list.isEmpty()) {
            int at = random.nextInt(list.size());
            boolean deeper = !(list.get(at) instanceof String) && random.nextInt(6) > 0;
            if (deeper) {
                spoil(list.get(at), random);
            } else {
                ((List<Object>) list).set(at, odd(random));
            }
        }
    }

    private static Object odd(Random random) {
        return ODD.get(random.nextInt(ODD.size()));
    }
}
