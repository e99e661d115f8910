package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the roles allow: enough, and no more. */
class AccessTest {

    private static final Path NODE = Manifests.MANIFESTS.resolve("base/access.yaml");
    private static final Path JOB = Manifests.MANIFESTS.resolve("cluster-certificate/access.yaml");
    private static final Set<String> READING = Set.of("get", "list", "watch");

    /** One verb on one resource. */
    record Right(String group, String resource, String verb) {}

    static List<Right> rights(Map<String, Object> role) {
        List<Right> rights = new ArrayList<>();
        for (Object rule : Manifests.list(role, "rules")) {
            for (Object group : Manifests.list(rule, "apiGroups")) {
                for (Object resource : Manifests.list(rule, "resources")) {
                    for (Object verb : Manifests.list(rule, "verbs")) {
                        rights.add(new Right(group.toString(), resource.toString(), verb.toString()));
                    }
                }
            }
        }
        return rights;
    }

    static List<Right> ofNode() {
        return rights(Manifests.one(NODE, "ClusterRole", "sluice-ingress"));
    }

    @Test
    void nothingIsAllowedByAStar() {
        Stream<Map<String, Object>> roles = Stream.concat(Manifests.shipped("Role"), Manifests.shipped("ClusterRole"));

        assertThat(roles.flatMap(role -> rights(role).stream()))
                .isNotEmpty()
                .allSatisfy(right -> assertThat(List.of(right.group, right.resource, right.verb))
                        .doesNotContain("*"));
    }

    @Test
    void aNodeWritesStatusAndEventsOnly() {
        assertThat(ofNode())
                .filteredOn(right -> !READING.contains(right.verb) || right.resource.endsWith("/status"))
                .isNotEmpty()
                .allSatisfy(right -> assertThat(right.resource).matches(".*/status|events"))
                .allSatisfy(right -> assertThat(right.verb)
                        .isIn(right.resource.equals("events") ? Set.of("create", "patch") : Set.of("patch")));
    }

    @Test
    void aNodeSeesPodsOfItsOwnNamespaceOnly() {
        assertThat(ofNode()).extracting(Right::resource).doesNotContain("pods", "leases", "nodes");
        assertThat(rights(Manifests.one(NODE, "Role", "sluice-peers")))
                .containsExactlyInAnyOrder(
                        new Right("", "pods", "get"), new Right("", "pods", "list"), new Right("", "pods", "watch"));
    }

    @Test
    void theJobCanCreateItsSecretAndReadNone() {
        assertThat(rights(Manifests.one(JOB, "Role", "sluice-cluster-certificate")))
                .containsExactly(new Right("", "secrets", "create"));
    }

    @Test
    void everyDefinitionOfOursCanBeWatchedAndItsStatusWritten() {
        assertThat(CustomResources.all()).hasSize(9).allSatisfy(definition -> {
            String group = Manifests.at(definition, "spec", "group").toString();
            String plural = Manifests.at(definition, "spec", "names", "plural").toString();
            assertThat(ofNode())
                    .contains(
                            new Right(group, plural, "get"),
                            new Right(group, plural, "list"),
                            new Right(group, plural, "watch"));
            boolean hasStatus = Manifests.at(CustomResources.version(definition), "subresources", "status") != null;
            assertThat(ofNode().contains(new Right(group, plural + "/status", "patch")))
                    .as(plural + "/status")
                    .isEqualTo(hasStatus);
        });
    }

    @Test
    void everyRoleIsBoundToAnAccountThatExists() {
        Stream<Map<String, Object>> bindings =
                Stream.concat(Manifests.shipped("RoleBinding"), Manifests.shipped("ClusterRoleBinding"));
        var accounts = Manifests.shipped("ServiceAccount")
                .map(account -> Manifests.at(account, "metadata", "name"))
                .toList();

        assertThat(bindings).hasSize(3).allSatisfy(binding -> {
            String kind = Manifests.at(binding, "roleRef", "kind").toString();
            assertThat(Manifests.shipped(kind).map(role -> Manifests.at(role, "metadata", "name")))
                    .contains(Manifests.at(binding, "roleRef", "name"));
            assertThat(Manifests.list(binding, "subjects"))
                    .hasSize(1)
                    .allSatisfy(subject -> assertThat(accounts).contains(Manifests.at(subject, "name")));
        });
    }
}
