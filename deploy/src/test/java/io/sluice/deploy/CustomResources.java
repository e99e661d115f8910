package io.sluice.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our custom resource definitions, and the API server's verdict on objects of them. */
final class CustomResources {

    private CustomResources() {}

    /** All definitions. */
    static List<Map<String, Object>> all() {
        return Manifests.shipped("CustomResourceDefinition").toList();
    }

    /** The definition of a kind. */
    static Optional<Map<String, Object>> of(String kind) {
        return all().stream()
                .filter(one -> kind.equals(Manifests.at(one, "spec", "names", "kind")))
                .findFirst();
    }

    /** The one version of a definition. */
    static Map<String, Object> version(Map<String, Object> definition) {
        List<Object> versions = Manifests.list(definition, "spec", "versions");
        if (versions.size() != 1) {
            throw new AssertionError(versions.size() + " versions");
        }
        return Manifests.map(versions.get(0));
    }

    static Map<String, Object> schema(Map<String, Object> definition) {
        return Manifests.map(Manifests.at(version(definition), "schema", "openAPIV3Schema"));
    }

    /** What is wrong with a new object; empty if it is accepted. */
    static List<String> verdict(Map<String, Object> object) {
        Map<String, Object> definition = definitionOf(object);
        List<String> problems = new ArrayList<>(StructuralSchema.problems(schema(definition), object));
        if (problems.isEmpty()) {
            problems.addAll(RuleCheck.broken(schema(definition), object));
        }
        return problems;
    }

    /** What is wrong with a change of an object. */
    static List<String> verdict(Map<String, Object> before, Map<String, Object> after) {
        return RuleCheck.brokenByChange(schema(definitionOf(after)), before, after);
    }

    private static Map<String, Object> definitionOf(Map<String, Object> object) {
        String kind = object.get("kind").toString();
        Map<String, Object> definition = of(kind).orElseThrow(() -> new AssertionError("no definition of " + kind));
        String served = Manifests.at(definition, "spec", "group") + "/"
                + version(definition).get("name");
        if (!served.equals(object.get("apiVersion"))) {
            throw new AssertionError(kind + " is served as " + served + ", not " + object.get("apiVersion"));
        }
        return definition;
    }
}
