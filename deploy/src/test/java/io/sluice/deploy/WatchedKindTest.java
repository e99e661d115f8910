package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKind.Presence;
import io.sluice.k8s.api.WatchedKinds;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That whatever the gateway watches may be watched, and is defined if it is ours. */
class WatchedKindTest {

    private static final List<AccessTest.Right> RIGHTS = AccessTest.ofNode();

    static List<WatchedKind> all() {
        return WatchedKinds.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void itCanBeWatched(WatchedKind kind) {
        assertThat(RIGHTS)
                .contains(
                        new AccessTest.Right(kind.group(), kind.plural(), "get"),
                        new AccessTest.Right(kind.group(), kind.plural(), "list"),
                        new AccessTest.Right(kind.group(), kind.plural(), "watch"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void itsStatusCanBeWrittenIfItIs(WatchedKind kind) {
        String status = kind.plural() + "/status";

        assertThat(RIGHTS.contains(new AccessTest.Right(kind.group(), status, "patch")))
                .isEqualTo(kind.status());
    }

    @Test
    void nothingElseMayBeRead() {
        Set<String> watched =
                all().stream().map(kind -> kind.group() + "/" + kind.plural()).collect(Collectors.toSet());

        assertThat(RIGHTS)
                .filteredOn(right -> right.verb().equals("list"))
                .extracting(right -> right.group() + "/" + right.resource())
                .containsExactlyInAnyOrderElementsOf(watched);
    }

    @Test
    void ourKindsAreThoseThatAreDefined() {
        var defined = CustomResources.all().stream()
                .map(one -> Manifests.at(one, "spec", "names", "kind") + " "
                        + Manifests.at(one, "spec", "names", "plural") + " "
                        + Manifests.at(one, "spec", "group") + "/"
                        + CustomResources.version(one).get("name") + " "
                        + "Namespaced".equals(Manifests.at(one, "spec", "scope")) + " "
                        + (Manifests.at(CustomResources.version(one), "subresources", "status") != null));
        var ours = all().stream()
                .filter(kind -> kind.presence() == Presence.OURS)
                .map(kind -> kind.kind() + " " + kind.plural() + " " + kind.apiVersion() + " " + kind.namespaced() + " "
                        + kind.status());

        assertThat(defined).containsExactlyInAnyOrderElementsOf(ours.toList());
    }
}
