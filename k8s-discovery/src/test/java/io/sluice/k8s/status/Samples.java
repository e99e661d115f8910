package io.sluice.k8s.status;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.Translation;
import io.sluice.k8s.translate.draft.Effect;
import io.sluice.k8s.translate.draft.ObjectProblem;
import io.sluice.state.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** Objects, translations and statuses for tests. */
final class Samples {

    private Samples() {}

    static Map<String, Object> tree(String yaml) {
        return PlainTree.of((Map<?, ?>) new Yaml().load(yaml));
    }

    static PresentStatus status(String yaml) {
        return new PresentStatus("7", yaml.isEmpty() ? Map.of() : tree(yaml));
    }

    static Decoded decoded(String yaml) {
        return ObjectDecoder.decode(tree(yaml)).orElseThrow();
    }

    static Decoded plugin(String name, long generation) {
        return decoded("""
                apiVersion: configuration.konghq.com/v1
                kind: KongPlugin
                metadata: {name: %s, namespace: shop, uid: u-%s, generation: %d}
                plugin: cors
                """.formatted(name, name, generation));
    }

    static Decoded ingress(String name) {
        return decoded("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: %s, namespace: shop, uid: u-%s}
                spec: {ingressClassName: kong}
                """.formatted(name, name));
    }

    static Decoded policy(String name) {
        return decoded("""
                apiVersion: configuration.konghq.com/v1beta1
                kind: KongUpstreamPolicy
                metadata: {name: %s, namespace: shop, uid: u-%s, generation: 4}
                spec: {algorithm: latency}
                """.formatted(name, name));
    }

    static Decoded service(String name, String policy) {
        return decoded("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: shop, annotations: {konghq.com/upstream-policy: %s}}
                """.formatted(name, policy));
    }

    /** What comes of a translation in which all of the objects are. */
    static Delivery of(Decoded... objects) {
        return new Delivery(List.of(objects));
    }

    /** Puts a translation together. */
    static final class Delivery {

        private final List<Decoded> objects;
        private final TreeSet<ObjectRef> programmed = new TreeSet<>();
        private final List<ObjectProblem> problems = new ArrayList<>();
        private final List<Problem> refusals = new ArrayList<>();

        private Delivery(List<Decoded> objects) {
            this.objects = objects;
            objects.forEach(object -> programmed.add(object.metadata().ref()));
        }

        Delivery problem(Decoded object, Effect effect, String field, String reason) {
            if (effect == Effect.REFUSED) {
                programmed.remove(object.metadata().ref());
            }
            problems.add(new ObjectProblem(object.metadata().ref(), effect, field, reason));
            return this;
        }

        Delivery unused(Decoded object) {
            programmed.remove(object.metadata().ref());
            return this;
        }

        Delivery refused(String reason) {
            refusals.add(new Problem("route 'r'", "paths", reason));
            return this;
        }

        Delivered live(String hash) {
            return new Delivered(
                    new Translation(Map.of(), problems, programmed), objects, hash, refusals.isEmpty(), refusals);
        }
    }
}
