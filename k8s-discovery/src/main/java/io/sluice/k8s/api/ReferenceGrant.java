package io.sluice.k8s.api;

import java.util.List;

/** Allows objects of other namespaces to refer to objects of its own. */
public record ReferenceGrant(Metadata metadata, List<From> from, List<To> to) implements KubeObject {

    /** Who may refer. */
    public record From(String group, String kind, String namespace) {}

    /** To what; an empty name is all of the kind. */
    public record To(String group, String kind, String name) {}

    /** Whether it lets objects of a kind and namespace refer to an object in its own namespace. */
    public boolean allows(From referrer, To referred) {
        return from.contains(referrer)
                && to.stream()
                        .anyMatch(one -> one.group().equals(referred.group())
                                && one.kind().equals(referred.kind())
                                && (one.name().isEmpty() || one.name().equals(referred.name())));
    }

    static ReferenceGrant decode(Metadata metadata, FieldReader root) {
        FieldReader spec = root.object("spec");
        List<From> from = spec.objects("from").stream()
                .map(one -> new From(one.text("group"), one.requiredText("kind"), one.requiredText("namespace")))
                .toList();
        List<To> to = spec.objects("to").stream()
                .map(one -> new To(one.text("group"), one.requiredText("kind"), one.text("name")))
                .toList();
        return new ReferenceGrant(metadata, from, to);
    }
}
