package io.sluice.k8s.status;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.status.Verdict.Word;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Policies, whose status has an entry with conditions for each Service that uses them. Entries of other controllers stay.
 *
 * @param users the Services that use a policy, in order
 */
record PolicyRule(Map<ObjectRef, List<ObjectRef>> users, Instant now) implements StatusRule {

    /** By this name entries are known as ours; Kong's controller has another one. */
    static final String CONTROLLER = "ingress-controllers.konghq.com/kong";

    /** The definition allows no more. */
    private static final int MOST = 16;

    private static final String ANCESTORS = "ancestors";
    private static final String REF = "ancestorRef";
    private static final String CONTROLLER_NAME = "controllerName";
    private static final String CONDITIONS = "conditions";
    private static final String ACCEPTED = "Accepted";
    /** Kubernetes 1.20 takes an empty text here for none, which the definition does not allow. */
    private static final String ACCEPTED_MESSAGE = "the policy is accepted";

    @Override
    public Optional<Map<String, @Nullable Object>> change(
            Metadata object, Verdict verdict, Map<String, @Nullable Object> present) {
        List<Map<String, @Nullable Object>> before = Trees.objects(present, ANCESTORS);
        List<Map<String, @Nullable Object>> after = new ArrayList<>();
        for (Map<String, @Nullable Object> entry : before) {
            if (!CONTROLLER.equals(entry.get(CONTROLLER_NAME))) {
                after.add(entry);
            }
        }
        for (ObjectRef service : users.getOrDefault(object.ref(), List.of())) {
            if (after.size() < MOST) {
                entry(object, verdict, service, before).ifPresent(after::add);
            }
        }
        return after.equals(before) ? Optional.empty() : Optional.of(Map.of(ANCESTORS, after));
    }

    private Optional<Map<String, @Nullable Object>> entry(
            Metadata object, Verdict verdict, ObjectRef service, List<Map<String, @Nullable Object>> before) {
        Map<String, @Nullable Object> known = before.stream()
                .filter(entry -> CONTROLLER.equals(entry.get(CONTROLLER_NAME)) && isAbout(entry, service))
                .findFirst()
                .orElse(Map.of());
        List<Map<String, @Nullable Object>> conditions = Trees.objects(known, CONDITIONS);
        Optional<Condition> programmed = StatusRule.programmed(object, verdict, conditions);
        if (programmed.isEmpty()) {
            return known.isEmpty() ? Optional.empty() : Optional.of(known);
        }
        boolean good = verdict.word() != Word.INVALID && verdict.word() != Word.OUTDATED;
        Condition accepted = new Condition(
                ACCEPTED,
                good,
                good ? ACCEPTED : Condition.INVALID,
                good ? ACCEPTED_MESSAGE : verdict.message(),
                object.generation());
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put(REF, ref(service));
        entry.put(CONTROLLER_NAME, CONTROLLER);
        entry.put(CONDITIONS, with(programmed.get(), with(accepted, conditions)));
        return Optional.of(entry);
    }

    private List<Map<String, @Nullable Object>> with(
            Condition condition, List<Map<String, @Nullable Object>> conditions) {
        return condition.in(conditions) ? conditions : condition.into(conditions, now);
    }

    private static Map<String, @Nullable Object> ref(ObjectRef service) {
        Map<String, @Nullable Object> ref = new LinkedHashMap<>();
        ref.put("group", "core");
        ref.put("kind", service.kind());
        ref.put("namespace", service.namespace());
        ref.put("name", service.name());
        return ref;
    }

    private static boolean isAbout(Map<String, @Nullable Object> entry, ObjectRef service) {
        Map<String, @Nullable Object> ref = Trees.object(entry, REF);
        return Trees.text(ref, "kind").equals(service.kind())
                && Trees.text(ref, "namespace").equals(service.namespace())
                && Trees.text(ref, "name").equals(service.name());
    }
}
