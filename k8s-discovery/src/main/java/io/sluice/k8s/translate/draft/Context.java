package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.ClusterObjects;
import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.IngressClass;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.kind.StableId;
import io.sluice.state.model.schema.Field;
import java.util.List;
import java.util.UUID;

/** What the translators of one translation share. Not thread-safe. */
public record Context(
        ClusterObjects objects,
        TranslationSettings settings,
        EntityRules rules,
        Findings findings,
        Blueprint blueprint,
        Copies copies) {

    private static final String CLASS = "kubernetes.io/ingress.class";

    /** Whether an object that names its class by annotation is ours. */
    public boolean ours(Metadata metadata) {
        String named = metadata.annotation(CLASS);
        return named.isEmpty() ? classIsDefault() : named.equals(settings.ingressClass());
    }

    /** Whether an Ingress is ours; the older annotation wins over the field. */
    public boolean ours(Ingress ingress) {
        boolean annotated = !ingress.metadata().annotation(CLASS).isEmpty();
        return annotated || ingress.className().isEmpty()
                ? ours(ingress.metadata())
                : ingress.className().equals(settings.ingressClass());
    }

    /** Whether an object names a class that is not ours; one that names none does not. */
    public boolean isOthers(Metadata metadata) {
        String named = metadata.annotation(CLASS);
        return !named.isEmpty() && !named.equals(settings.ingressClass());
    }

    private boolean classIsDefault() {
        return objects.find(IngressClass.class, "", settings.ingressClass())
                .filter(IngressClass::isDefault)
                .isPresent();
    }

    /** The tags of entities made of the object. */
    public List<String> tags(Metadata metadata) {
        return Tags.of(metadata, findings);
    }

    /** The id that Kong's controller gives an entity of that kind (its word for it) and name. */
    public static String id(String kind, String name) {
        return StableId.of(kind, name).toString();
    }

    /** The object's uid if it is a UUID, else an id derived from its name. */
    public static String idOf(EntityKind kind, Metadata metadata) {
        try {
            return UUID.fromString(metadata.uid()).toString();
        } catch (IllegalArgumentException e) {
            return id(kind.plural(), metadata.namespace() + "/" + metadata.name());
        }
    }

    /** What is wrong with an entity; empty if nothing is. */
    public List<Fault> faults(Draft draft) {
        return Fault.all(rules.check(draft.kind(), draft.fields()).error());
    }

    /** What is wrong with a value for a field of a kind; empty if nothing is. */
    public static String fault(EntityKind kind, String field, Object value) {
        for (Field one : kind.schema().fields()) {
            if (one.name().equals(field)) {
                return Fault.first(one.type().check(value).error());
            }
        }
        return "";
    }

    /** The field of an annotation. */
    public static String annotation(String key) {
        return "metadata.annotations[" + key + "]";
    }

    /** Refuses an object for what is wrong with an entity made of it. */
    public void refuse(ObjectRef object, String prefix, List<Fault> faults) {
        for (Fault fault : faults) {
            String path = fault.path().isEmpty() || prefix.isEmpty() ? fault.path() : prefix + "." + fault.path();
            findings.refuse(object, path, fault.message());
        }
    }
}
