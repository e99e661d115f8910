package io.sluice.k8s.translate.annotation;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Draft.Origin;
import io.sluice.k8s.translate.draft.Findings;

/** Where annotations are applied: whose they are and which entity they change. */
record Site(Metadata metadata, Draft draft, Findings findings) {

    /** The value without space around it; empty if there is none. */
    String value(String key) {
        return metadata.annotation(key).strip();
    }

    /** Sets a field if the gateway would take the value for it, else tells. */
    void set(String key, String field, Object value) {
        if (takes(key, field, value)) {
            draft.set(field, value, new Origin(metadata.ref(), Context.annotation(key)));
        }
    }

    /** Whether the gateway would take the value for a field; if not, tells. */
    boolean takes(String key, String field, Object value) {
        String fault = Context.fault(draft.kind(), field, value);
        if (!fault.isEmpty()) {
            bad(key, fault);
        }
        return fault.isEmpty();
    }

    /** Tells that the annotation is not followed, and why. */
    void bad(String key, String expected) {
        String reason = Quote.of(metadata.annotation(key)) + " (" + expected + ")";
        findings.partly(metadata.ref(), Context.annotation(key), reason);
    }
}
