package io.sluice.k8s.api;

/**
 * Settings for all ingresses of a class.
 *
 * @param serviceUpstream whether services are reached by their own name instead of by their endpoints
 * @param legacyRegexDetection whether paths with unusual characters are regular expressions, as they were in Kong 2
 */
public record IngressClassParameters(Metadata metadata, boolean serviceUpstream, boolean legacyRegexDetection)
        implements KubeObject {

    static IngressClassParameters decode(Metadata metadata, FieldReader root) {
        FieldReader spec = root.object("spec");
        return new IngressClassParameters(
                metadata, spec.flag("serviceUpstream", false), spec.flag("enableLegacyRegexDetection", false));
    }
}
