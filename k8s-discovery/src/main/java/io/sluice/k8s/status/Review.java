package io.sluice.k8s.status;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.KongUpstreamPolicy;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.Service;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.status.Notice.Reason;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.draft.Effect;
import io.sluice.k8s.translate.draft.ObjectProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the objects' status should be and what is to be told about them, after one translation. Pure but for the forms. */
final class Review {

    private static final String CLASS = "kubernetes.io/ingress.class";
    /** Events about one object: one with ten thousand mistakes must not keep those about the others waiting. */
    private static final int MOST_ABOUT_ONE = 10;

    private static final String POLICY = "konghq.com/upstream-policy";

    private final Delivered delivered;
    private final Verdicts verdicts;
    private final String ingressClass;
    private final Map<ObjectRef, Decoded> objects = new TreeMap<>();
    private final StatusRule ingress;
    private final StatusRule policy;
    private final StatusRule conditions;

    /**
     * That of one moment.
     *
     * @param ingressClass of objects that are ours
     * @param addresses of the proxy
     * @param now the time for conditions
     */
    Review(Delivered delivered, Verdicts verdicts, String ingressClass, List<Address> addresses, Instant now) {
        this.delivered = delivered;
        this.verdicts = verdicts;
        this.ingressClass = ingressClass;
        delivered.objects().stream()
                .filter(object -> mayBeOurs(object.metadata()))
                .forEach(object -> objects.put(object.metadata().ref(), object));
        this.ingress = new IngressRule(addresses);
        this.policy = new PolicyRule(users(), now);
        this.conditions = new ConditionRule(now);
    }

    /** Objects that cannot be read are refused whoever's they are; of those nothing is said that name another class. */
    private boolean mayBeOurs(Metadata object) {
        String named = object.annotation(CLASS);
        return named.isEmpty() || named.equals(ingressClass);
    }

    private Map<ObjectRef, List<ObjectRef>> users() {
        Map<ObjectRef, List<ObjectRef>> users = new HashMap<>();
        for (ObjectRef ref : delivered.translation().programmed()) {
            Decoded object = objects.get(ref);
            String named = object != null && object.decoded() instanceof Service service
                    ? service.metadata().annotation(POLICY)
                    : "";
            if (!named.isEmpty()) {
                String kind = KongUpstreamPolicy.class.getSimpleName();
                users.computeIfAbsent(new ObjectRef(kind, ref.namespace(), named), policy -> new ArrayList<>())
                        .add(ref);
            }
        }
        return users;
    }

    /** The objects whose status is written, in order. */
    List<Decoded> subjects() {
        return objects.values().stream()
                .filter(object -> kind(object).filter(WatchedKind::status).isPresent())
                .toList();
    }

    /** What has to be done to an object's status; empty if nothing. */
    Optional<StatusPatch> patch(Decoded object, PresentStatus present) {
        Metadata metadata = object.metadata();
        return kind(object)
                .filter(WatchedKind::status)
                .flatMap(kind -> rule(kind)
                        .change(metadata, verdicts.of(object), present.status())
                        .map(fields -> new StatusPatch(kind, metadata.ref(), present.version(), fields)));
    }

    /** Whether more is to be said about an object in a moment, also if nothing changes until then. */
    boolean waits(Decoded object) {
        return !verdicts.of(object).settled();
    }

    private static Optional<WatchedKind> kind(Decoded object) {
        return WatchedKinds.of(object.metadata().kind());
    }

    private StatusRule rule(WatchedKind kind) {
        return switch (kind.kind()) {
            case "Ingress" -> ingress;
            case "KongUpstreamPolicy" -> policy;
            default -> conditions;
        };
    }

    /** All that is to be told by events as long as it is so. */
    Set<Notice> notices() {
        Set<Notice> notices = new LinkedHashSet<>();
        Map<ObjectRef, Integer> counts = new LinkedHashMap<>();
        for (ObjectProblem problem : delivered.translation().problems()) {
            Decoded object = objects.get(problem.object());
            if (object != null && (problem.effect() != Effect.NOTE || !saysItself(object))) {
                Reason reason = problem.effect() == Effect.NOTE ? Reason.NOTE : Reason.TRANSLATION_FAILED;
                if (counts.merge(problem.object(), 1, Integer::sum) <= MOST_ABOUT_ONE) {
                    notices.add(Notice.about(object.metadata(), reason, Verdicts.told(problem)));
                }
            }
        }
        counts.forEach((ref, count) -> {
            Decoded object = objects.get(ref);
            if (object != null && count > MOST_ABOUT_ONE) {
                String rest = "and " + (count - MOST_ABOUT_ONE) + " more problems that are not told one by one";
                notices.add(Notice.about(object.metadata(), Reason.TRANSLATION_FAILED, rest));
            }
        });
        return notices;
    }

    /** Whether notes on an object are in its status. */
    private boolean saysItself(Decoded object) {
        return kind(object)
                .filter(WatchedKind::status)
                .filter(kind -> rule(kind) == conditions)
                .isPresent();
    }
}
