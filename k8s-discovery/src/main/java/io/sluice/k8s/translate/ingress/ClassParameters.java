package io.sluice.k8s.translate.ingress;

import io.sluice.k8s.api.IngressClass;
import io.sluice.k8s.api.IngressClassParameters;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.translate.draft.Context;
import java.util.Optional;

/** What the ingress class says about all its ingresses. */
public record ClassParameters(boolean serviceUpstream, boolean legacyRegexDetection) {

    private static final ClassParameters NONE = new ClassParameters(false, false);
    private static final String FIELD = "spec.parameters";

    /** Those of our class; what it names and is not there is told, and does without. */
    public static ClassParameters of(Context context) {
        Optional<IngressClass> ours = context.objects()
                .find(IngressClass.class, "", context.settings().ingressClass());
        return ours.filter(one -> !one.parametersName().isEmpty())
                .map(one -> named(one, context))
                .orElse(NONE);
    }

    private static ClassParameters named(IngressClass ours, Context context) {
        boolean known = ours.parametersGroup().equals(WatchedKinds.KONG)
                && ours.parametersKind().equals("IngressClassParameters");
        if (!known || ours.parametersNamespace().isEmpty()) {
            String given = ours.parametersGroup() + "/" + ours.parametersKind();
            String expected = " (expected: " + WatchedKinds.KONG + "/IngressClassParameters with a namespace)";
            context.findings().partly(ours.ref(), FIELD, Quote.of(given) + expected);
            return NONE;
        }
        Optional<IngressClassParameters> found =
                context.objects().find(IngressClassParameters.class, ours.parametersNamespace(), ours.parametersName());
        if (found.isEmpty()) {
            String given = ours.parametersNamespace() + "/" + ours.parametersName();
            context.findings().partly(ours.ref(), FIELD, Quote.of(given) + " does not exist");
            return NONE;
        }
        context.findings().use(found.get().ref());
        return new ClassParameters(found.get().serviceUpstream(), found.get().legacyRegexDetection());
    }
}
