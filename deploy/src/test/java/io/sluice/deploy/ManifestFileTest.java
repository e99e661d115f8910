package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every file that is shipped. */
class ManifestFileTest {

    static Stream<Path> plain() {
        return Manifests.files().stream().filter(file -> !Manifests.isKustomization(file));
    }

    static Stream<Path> kustomizations() {
        return Manifests.files().stream().filter(Manifests::isKustomization);
    }

    @ParameterizedTest
    @MethodSource("plain")
    void everyObjectSaysWhatItIs(Path file) {
        assertThat(Manifests.objects(file)).isNotEmpty().allSatisfy(object -> {
            assertThat(object).containsKeys("apiVersion", "kind");
            assertThat(Manifests.at(object, "metadata", "name")).asString().matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
        });
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void aKustomizationNamesEveryFileBesideItAndNoOther(Path kustomization) {
        var document = Manifests.objects(kustomization).get(0);
        List<String> named = new ArrayList<>();
        Manifests.list(document, "resources").forEach(one -> named.add(one.toString()));
        Manifests.list(document, "patches").stream()
                .map(patch -> Manifests.at(patch, "path"))
                .filter(String.class::isInstance)
                .forEach(one -> named.add(one.toString()));
        Path folder = kustomization.getParent();

        var beside = Manifests.under(folder)
                .filter(file -> file.getParent().equals(folder) && !Manifests.isKustomization(file))
                .map(file -> file.getFileName().toString());
        var elsewhere = named.stream().filter(name -> name.startsWith(".."));

        assertThat(named.stream().filter(name -> !name.startsWith("..")))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(beside.toList());
        assertThat(elsewhere)
                .allSatisfy(name -> assertThat(folder.resolve(name).resolve("kustomization.yaml"))
                        .exists());
    }

    @Test
    void everyFolderIsKustomized() {
        var folders = Manifests.files().stream().map(Path::getParent).distinct();

        assertThat(folders)
                .isNotEmpty()
                .allSatisfy(folder ->
                        assertThat(folder.resolve("kustomization.yaml")).exists());
    }

    @Test
    void noTwoObjectsOfAnInstallationAreTheSame() {
        for (String variant : List.of("statefulset", "deployment")) {
            Set<String> seen = new HashSet<>();
            var twice = Stream.of("base", "cluster-certificate", variant)
                    .map(Manifests.MANIFESTS::resolve)
                    .flatMap(Manifests::under)
                    .filter(file -> !Manifests.isKustomization(file))
                    .flatMap(file -> Manifests.objects(file).stream())
                    .map(object -> object.get("kind") + " " + Manifests.at(object, "metadata", "name"))
                    .filter(name -> !seen.add(name));

            assertThat(twice).isEmpty();
            assertThat(seen).contains("ClusterRole sluice-ingress", "Job sluice-cluster-certificate");
        }
    }
}
