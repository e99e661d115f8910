package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.ObjectRef;

/**
 * Something to tell whoever wrote an object.
 *
 * @param field where in the object, for example {@code spec.rules[0].host}; empty if all of it is meant
 * @param reason what it was and what was expected
 */
public record ObjectProblem(ObjectRef object, Effect effect, String field, String reason) {

    @Override
    public String toString() {
        return object + ": " + (field.isEmpty() ? "" : field + ": ") + reason;
    }
}
