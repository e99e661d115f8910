package io.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Which objects the definitions let in, as the API server would judge them. */
class CustomResourceTest {

    static Stream<Arguments> seed() {
        return Manifests.under(Manifests.SEED)
                .filter(file -> file.toString().endsWith(".yaml"))
                .flatMap(file -> Manifests.objects(file).stream()
                        .filter(object -> object.get("apiVersion").toString().startsWith("configuration.konghq.com/"))
                        .map(object -> Arguments.of(name(file, object), object)));
    }

    private static String name(Path file, Map<String, Object> object) {
        return file.getFileName() + " " + Manifests.at(object, "metadata", "name");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seed")
    void theManifestsPeopleHaveAreAccepted(String name, Map<String, Object> object) {
        assertThat(CustomResources.verdict(object)).isEmpty();
    }

    @Test
    void theManifestsPeopleHaveAreFour() {
        assertThat(seed()).hasSize(4);
    }

    static List<Arguments> accepted() {
        return List.of(
                Arguments.of(
                        "v1",
                        "KongPlugin",
                        "{plugin: cors, disabled: true, protocols: [http, grpcs], config: {a: [1]}}"),
                Arguments.of(
                        "v1",
                        "KongPlugin",
                        "{plugin: cors, configFrom: {secretKeyRef: {name: a, key: b}}, instance_name: a}"),
                Arguments.of(
                        "v1",
                        "KongPlugin",
                        "{plugin: a, config: {}, configPatches: [{path: /a, valueFrom: {secretKeyRef: {name: a, key: b}}}]}"),
                Arguments.of(
                        "v1",
                        "KongClusterPlugin",
                        "{plugin: a, configFrom: {secretKeyRef: {name: a, key: b, namespace: c}}}"),
                Arguments.of("v1", "KongConsumer", "{username: a, credentials: [a, b], consumerGroups: [c]}"),
                Arguments.of("v1", "KongConsumer", "{custom_id: a, spec: {tags: [a], controlPlaneRef: {type: kic}}}"),
                Arguments.of("v1beta1", "KongConsumerGroup", "{}"),
                Arguments.of("v1", "KongIngress", "{route: {methods: [GET], strip_path: true}, proxy: {path: /a}}"),
                Arguments.of(
                        "v1",
                        "KongIngress",
                        "{upstream: {hash_on: header, hash_on_header: x, healthchecks: {threshold: 5}}}"),
                Arguments.of(
                        "v1beta1",
                        "KongUpstreamPolicy",
                        "{spec: {algorithm: consistent-hashing, hashOn: {header: a}, hashOnFallback: {input: ip}}}"),
                Arguments.of(
                        "v1beta1",
                        "KongUpstreamPolicy",
                        "{spec: {algorithm: consistent-hashing, hashOn: {cookie: a, cookiePath: /}}}"),
                Arguments.of(
                        "v1beta1",
                        "KongUpstreamPolicy",
                        "{spec: {algorithm: sticky-sessions, hashOn: {input: none}, stickySessions: {cookie: a}}}"),
                Arguments.of(
                        "v1beta1",
                        "KongUpstreamPolicy",
                        "{spec: {healthchecks: {active: {type: http, httpPath: /a, headers: {a: [b]}, healthy: {interval: 1,"
                                + " httpStatuses: [200]}}, passive: {unhealthy: {timeouts: 1}}}}}"),
                Arguments.of("v1alpha1", "KongVault", "{spec: {backend: env, prefix: my-env, config: {prefix: X_}}}"),
                Arguments.of(
                        "v1alpha1",
                        "KongCustomEntity",
                        "{spec: {type: keys, controllerName: kong, fields: {a: b}, parentRef: {kind: KongPlugin, name: a}}}"),
                Arguments.of("v1alpha1", "IngressClassParameters", "{spec: {serviceUpstream: true}}"),
                Arguments.of(
                        "v1",
                        "KongPlugin",
                        "{plugin: a, status: {conditions: [{type: Programmed, status: 'True', reason: Programmed, message: '',"
                                + " lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 1}]}}"));
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("accepted")
    void whatKongAcceptsIsAccepted(String version, String kind, String fields) {
        assertThat(CustomResources.verdict(object(version, kind, fields))).isEmpty();
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of("v1", "KongPlugin", "{config: {}}", ".plugin: missing"),
                Arguments.of("v1", "KongPlugin", "{plugin: a, confg: {}}", ".confg: unknown field"),
                Arguments.of("v1", "KongPlugin", "{plugin: a, config: []}", ".config: no object"),
                Arguments.of("v1", "KongPlugin", "{plugin: a, protocols: [ftp]}", ".protocols[0]: ftp"),
                Arguments.of("v1", "KongPlugin", "{plugin: a, disabled: 'yes'}", ".disabled: no boolean"),
                Arguments.of(
                        "v1",
                        "KongPlugin",
                        "{plugin: a, config: {}, configFrom: {secretKeyRef: {name: a, key: b}}}",
                        "config and configFrom exclude each other"),
                Arguments.of(
                        "v1",
                        "KongPlugin",
                        "{plugin: a, configFrom: {secretKeyRef: {name: a, key: b}}, configPatches: []}",
                        "configFrom and configPatches exclude each other"),
                Arguments.of(
                        "v1",
                        "KongPlugin",
                        "{plugin: a, configFrom: {secretKeyRef: {name: a, key: b, namespace: c}}}",
                        ".namespace: unknown field"),
                Arguments.of(
                        "v1",
                        "KongClusterPlugin",
                        "{plugin: a, configFrom: {secretKeyRef: {name: a, key: b}}}",
                        ".namespace: missing"),
                Arguments.of("v1", "KongConsumer", "{credentials: [a]}", "username or custom_id is needed"),
                Arguments.of("v1", "KongConsumer", "{username: a, credentials: [a, a]}", "twice the same"),
                Arguments.of("v1", "KongIngress", "{upstream: {algorithm: random}}", ".upstream.algorithm: random"),
                Arguments.of("v1", "KongIngress", "{proxy: {retries: -1}}", ".proxy.retries: -1"),
                Arguments.of("v1", "KongIngress", "{proxy: {path: a}}", ".proxy.path: a"),
                policy("{slots: 5}", ".spec.slots: 5"),
                policy("{algorithm: consistent-hashing, hashOn: {input: ip, header: a}}", "spec.hashOn takes one of"),
                policy("{algorithm: consistent-hashing, hashOn: {cookie: a}}", "spec.hashOn.cookie needs cookiePath"),
                policy(
                        "{algorithm: consistent-hashing, hashOn: {cookiePath: /}}",
                        "spec.hashOn.cookiePath needs cookie"),
                policy("{hashOn: {input: ip}}", "spec.hashOn needs the algorithm"),
                policy("{algorithm: latency, hashOn: {input: ip}}", "spec.hashOn needs the algorithm"),
                policy(
                        "{algorithm: consistent-hashing, hashOnFallback: {input: ip, queryArg: a}}",
                        "spec.hashOnFallback takes one of"),
                policy(
                        "{algorithm: round-robin, hashOnFallback: {input: ip}}",
                        "spec.hashOnFallback needs the algorithm"),
                policy(
                        "{algorithm: consistent-hashing, hashOn: {cookie: a, cookiePath: /}, hashOnFallback: {input: ip}}",
                        "no place beside spec.hashOn.cookie"),
                policy("{healthchecks: {passive: {healthy: {interval: 1}}}}", "no healthy.interval"),
                policy("{healthchecks: {passive: {unhealthy: {interval: 1}}}}", "no unhealthy.interval"),
                policy("{healthchecks: {active: {healthy: {httpStatuses: [99]}}}}", ".httpStatuses[0]: 99"),
                policy("{algorithm: sticky-sessions, stickySessions: {cookie: a}}", "spec.hashOn.input none"),
                policy("{algorithm: sticky-sessions, hashOn: {input: none}, stickySessions: {}}", ".cookie: missing"),
                policy(
                        "{algorithm: consistent-hashing, hashOn: {input: none}, stickySessions: {cookie: a}}",
                        "spec.stickySessions needs the algorithm"),
                Arguments.of("v1alpha1", "KongVault", "{spec: {backend: env}}", ".spec.prefix: missing"),
                Arguments.of("v1alpha1", "KongVault", "{spec: {backend: '', prefix: a}}", ".spec.backend: 0"),
                Arguments.of(
                        "v1alpha1",
                        "KongCustomEntity",
                        "{spec: {type: routes, controllerName: kong, fields: {}}}",
                        "type has a kind of its own"),
                Arguments.of(
                        "v1alpha1",
                        "KongCustomEntity",
                        "{spec: {type: keys, controllerName: kong, fields: {}, parentRef: {kind: Service, name: a}}}",
                        ".parentRef.kind: Service"));
    }

    private static Arguments policy(String spec, String problem) {
        return Arguments.of("v1beta1", "KongUpstreamPolicy", "{spec: " + spec + "}", problem);
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("refused")
    void whatKongRefusesIsRefused(String version, String kind, String fields, String problem) {
        assertThat(CustomResources.verdict(object(version, kind, fields)))
                .anySatisfy(one -> assertThat(one).contains(problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KongPlugin", "KongClusterPlugin"})
    void thePluginOfAnObjectCannotBeChanged(String kind) {
        var before = object("v1", kind, "{plugin: cors}");

        assertThat(CustomResources.verdict(before, object("v1", kind, "{plugin: cors, disabled: true}")))
                .isEmpty();
        assertThat(CustomResources.verdict(before, object("v1", kind, "{plugin: acl}")))
                .containsExactly("plugin cannot be changed");
    }

    @Test
    void thePrefixOfAVaultAndTheTypeOfAnEntityCannotBeChanged() {
        var vault = object("v1alpha1", "KongVault", "{spec: {backend: env, prefix: a}}");
        var entity = object("v1alpha1", "KongCustomEntity", "{spec: {type: a, controllerName: kong, fields: {}}}");

        assertThat(CustomResources.verdict(vault, object("v1alpha1", "KongVault", "{spec: {backend: env, prefix: b}}")))
                .containsExactly("spec.prefix cannot be changed");
        assertThat(CustomResources.verdict(
                        entity,
                        object("v1alpha1", "KongCustomEntity", "{spec: {type: b, controllerName: kong, fields: {}}}")))
                .containsExactly("spec.type cannot be changed");
    }

    private static Map<String, Object> object(String version, String kind, String fields) {
        Map<String, Object> object = Manifests.map(new Yaml(new SafeConstructor(new LoaderOptions())).load(fields));
        object.put("apiVersion", "configuration.konghq.com/" + version);
        object.put("kind", kind);
        object.put("metadata", Map.of("name", "a"));
        return object;
    }
}
