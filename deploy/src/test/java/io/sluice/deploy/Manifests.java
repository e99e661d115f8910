package io.sluice.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The YAML files of this module, and ways to look into them. */
final class Manifests {

    /** This module's folder. */
    static final Path MODULE = Path.of("").toAbsolutePath();

    static final Path CRDS = MODULE.resolve("crds");
    static final Path MANIFESTS = MODULE.resolve("manifests");
    static final Path SEED = MODULE.resolve("src/test/resources/seed");

    private Manifests() {}

    /** Every file that is shipped, the kustomizations included. */
    static List<Path> files() {
        return Stream.of(CRDS, MANIFESTS).flatMap(Manifests::under).toList();
    }

    static Stream<Path> under(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isKustomization(Path file) {
        return file.endsWith("kustomization.yaml");
    }

    /** The objects of a file. */
    static List<Map<String, Object>> objects(Path file) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        try (var in = Files.newBufferedReader(file)) {
            List<Map<String, Object>> found = new ArrayList<>();
            new Yaml(new SafeConstructor(strict)).loadAll(in).forEach(one -> found.add(map(one)));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All objects that are shipped, of a kind. */
    static Stream<Map<String, Object>> shipped(String kind) {
        return files().stream()
                .filter(file -> !isKustomization(file))
                .flatMap(file -> objects(file).stream())
                .filter(object -> kind.equals(object.get("kind")));
    }

    /** The one object of that kind and name. */
    static Map<String, Object> one(Path file, String kind, String name) {
        return objects(file).stream()
                .filter(object -> kind.equals(object.get("kind")) && name.equals(at(object, "metadata", "name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + file));
    }

    /** What is at a path of keys; null if there is nothing. */
    static Object at(Object start, String... keys) {
        Object here = start;
        for (String key : keys) {
            here = here instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return here;
    }

    /** The list at a path of keys; empty if there is nothing. */
    static List<Object> list(Object start, String... keys) {
        Object found = at(start, keys);
        return found == null
                ? List.of()
                : StreamSupport.stream(((Iterable<?>) found).spliterator(), false)
                        .map(Objects::requireNonNull)
                        .map(Object.class::cast)
                        .toList();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
