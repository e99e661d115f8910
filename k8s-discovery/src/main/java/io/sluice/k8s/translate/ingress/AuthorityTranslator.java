package io.sluice.k8s.translate.ingress;

import io.sluice.k8s.api.ConfigMap;
import io.sluice.k8s.api.KubeObject;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Secret;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Secrets and config maps labelled as certificate authorities; of several with the same id, the oldest counts. */
public final class AuthorityTranslator {

    private static final String LABEL = "konghq.com/ca-cert";

    private final Context context;

    public AuthorityTranslator(Context context) {
        this.context = context;
    }

    /**
     * Puts the authorities on the blueprint.
     *
     * @return their ids
     */
    public Set<String> translate() {
        List<KubeObject> labelled = new ArrayList<>(context.objects().all(Secret.class));
        labelled.addAll(context.objects().all(ConfigMap.class));
        labelled.removeIf(one -> !"true".equals(one.metadata().labels().get(LABEL)));
        labelled.sort(Comparator.comparing(KubeObject::metadata, Metadata.OLDEST_FIRST));
        labelled.forEach(this::authority);
        Set<String> ids = new HashSet<>();
        context.blueprint().authorities().sort(Comparator.comparing(draft -> draft.text("id")));
        context.blueprint().authorities().forEach(draft -> ids.add(draft.text("id")));
        return ids;
    }

    private void authority(KubeObject object) {
        Map<String, String> values = object instanceof Secret secret
                ? secret.values()
                : object instanceof ConfigMap map ? map.values() : Map.of();
        ObjectRef ref = object.ref();
        String field = values.containsKey("cert") ? "cert" : "ca.crt";
        for (String needed : List.of("id", field)) {
            if (!values.containsKey(needed)) {
                String expected = needed.equals("id") ? "a UUID" : "a certificate in PEM, as cert or ca.crt";
                context.findings().refuse(ref, "data[" + needed + "]", "is missing (expected: " + expected + ")");
                return;
            }
        }
        Draft draft = new Draft(EntityKind.CA_CERTIFICATE, ref)
                .set("id", values.getOrDefault("id", "").strip().toLowerCase(Locale.ROOT))
                .set("cert", values.getOrDefault(field, "").strip());
        List<Fault> faults = context.faults(draft);
        for (Fault fault : faults) {
            String place = fault.top().equals("id") ? "data[id]" : "data[" + field + "]";
            context.findings().refuse(ref, place, fault.message());
        }
        if (!faults.isEmpty()) {
            return;
        }
        Optional<ObjectRef> owner = context.blueprint().claims().claim("ca_certificates.id", draft.text("id"), ref);
        if (owner.isPresent()) {
            context.findings()
                    .refuse(ref, "data[id]", "is that of " + owner.get() + ", which is older (expected: another)");
            return;
        }
        draft.set("tags", context.tags(object.metadata()));
        context.findings().use(ref);
        context.blueprint().authorities().add(draft);
    }
}
