package io.sluice.k8s.api;

/**
 * A class of ingresses and whose it is.
 *
 * @param parametersGroup the API group of the parameters it names; empty if it names none
 * @param parametersNamespace empty if they belong to the cluster
 */
public record IngressClass(
        Metadata metadata,
        String controller,
        String parametersGroup,
        String parametersKind,
        String parametersNamespace,
        String parametersName)
        implements KubeObject {

    private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    /** Whether objects without a class are of this one. */
    public boolean isDefault() {
        return metadata.annotation(DEFAULT).equals("true");
    }

    static IngressClass decode(Metadata metadata, FieldReader root) {
        FieldReader spec = root.object("spec");
        FieldReader parameters = spec.object("parameters");
        return new IngressClass(
                metadata,
                spec.text("controller"),
                parameters.text("apiGroup"),
                parameters.text("kind"),
                parameters.text("namespace"),
                parameters.text("name"));
    }
}
