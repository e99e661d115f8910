package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** That the custom resource definitions are ones the API server takes, and those that Kong's users know. */
class DefinitionTest {

    static List<Map<String, Object>> all() {
        return CustomResources.all();
    }

    @ParameterizedTest
    @CsvSource({
        "KongPlugin,             kongplugins,              kp,  v1,       Namespaced, true",
        "KongClusterPlugin,      kongclusterplugins,       kcp, v1,       Cluster,    true",
        "KongConsumer,           kongconsumers,            kc,  v1,       Namespaced, true",
        "KongConsumerGroup,      kongconsumergroups,       kcg, v1beta1,  Namespaced, true",
        "KongIngress,            kongingresses,            ki,  v1,       Namespaced, true",
        "KongUpstreamPolicy,     kongupstreampolicies,     kup, v1beta1,  Namespaced, true",
        "KongVault,              kongvaults,               kv,  v1alpha1, Cluster,    true",
        "KongCustomEntity,       kongcustomentities,       kce, v1alpha1, Namespaced, true",
        "IngressClassParameters, ingressclassparameterses, ,    v1alpha1, Namespaced, false",
    })
    void everyKindHasTheNamesThatPeopleUse(
            String kind, String plural, String shortName, String version, String scope, boolean status) {
        var definition = CustomResources.of(kind).orElseThrow();
        var names = Manifests.at(definition, "spec", "names");

        assertThat(Manifests.at(names, "plural")).isEqualTo(plural);
        assertThat(Manifests.at(names, "singular")).isEqualTo(kind.toLowerCase(java.util.Locale.ROOT));
        assertThat(Manifests.list(names, "shortNames")).isEqualTo(shortName == null ? List.of() : List.of(shortName));
        assertThat(Manifests.at(definition, "spec", "scope")).isEqualTo(scope);
        assertThat(CustomResources.version(definition).get("name")).isEqualTo(version);
        assertThat(Manifests.at(CustomResources.version(definition), "subresources", "status") != null)
                .isEqualTo(status);
    }

    @Test
    void thereAreNine() {
        assertThat(all()).hasSize(9);
    }

    @ParameterizedTest
    @MethodSource("all")
    void itsNameIsThePluralInTheGroup(Map<String, Object> definition) {
        assertThat(Manifests.at(definition, "metadata", "name"))
                .isEqualTo(Manifests.at(definition, "spec", "names", "plural") + "."
                        + Manifests.at(definition, "spec", "group"));
        assertThat(CustomResources.version(definition))
                .containsEntry("served", true)
                .containsEntry("storage", true);
    }

    @ParameterizedTest
    @MethodSource("all")
    void itsSchemaIsStructural(Map<String, Object> definition) {
        var schema = CustomResources.schema(definition);

        assertThat(schema.get("type")).isEqualTo("object");
        assertIsStructural("", schema);
    }

    /** Each level has a type (or keeps what it does not know), and what it asks for is described. */
    private static void assertIsStructural(String path, Map<String, Object> schema) {
        boolean open = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
        assertThat(schema.containsKey("type") || open).as(path).isTrue();
        assertThat(schema.containsKey("properties") && schema.containsKey("additionalProperties"))
                .as(path)
                .isFalse();
        var properties =
                schema.get("properties") == null ? Map.<String, Object>of() : Manifests.map(schema.get("properties"));
        assertThat(properties.keySet())
                .as(path + " required")
                .containsAll(Manifests.list(schema, "required").stream()
                        .map(Object::toString)
                        .toList());
        if ("array".equals(schema.get("type"))) {
            var item = Manifests.map(schema.get("items"));
            assertThat(Manifests.list(item, "required"))
                    .as(path + " list keys")
                    .containsAll(Manifests.list(schema, "x-kubernetes-list-map-keys"));
            assertIsStructural(path + "[]", item);
        }
        properties.forEach((name, inner) -> assertIsStructural(path + "." + name, Manifests.map(inner)));
        if (schema.get("additionalProperties") != null) {
            assertIsStructural(path + ".*", Manifests.map(schema.get("additionalProperties")));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void itsDefaultsFitTheSchema(Map<String, Object> definition) {
        var conditions =
                Manifests.at(CustomResources.schema(definition), "properties", "status", "properties", "conditions");

        if (conditions != null) {
            assertThat(StructuralSchema.problems(Manifests.map(conditions), Manifests.at(conditions, "default")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsShownInTablesIsInTheSchema(Map<String, Object> definition) {
        var columns = Manifests.list(CustomResources.version(definition), "additionalPrinterColumns");

        assertThat(columns).allSatisfy(column -> {
            String first = Manifests.at(column, "jsonPath").toString().split("[.\\[]")[1];
            assertThat(Manifests.at(CustomResources.schema(definition), "properties", first))
                    .as("column %s", column)
                    .isNotNull();
        });
    }
}
