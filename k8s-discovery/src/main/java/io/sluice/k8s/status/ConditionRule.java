package io.sluice.k8s.status;

import io.sluice.k8s.api.Metadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Kinds whose status is a list of conditions. */
record ConditionRule(Instant now) implements StatusRule {

    private static final String CONDITIONS = "conditions";

    @Override
    public Optional<Map<String, @Nullable Object>> change(
            Metadata object, Verdict verdict, Map<String, @Nullable Object> present) {
        List<Map<String, @Nullable Object>> conditions = Trees.objects(present, CONDITIONS);
        return StatusRule.programmed(object, verdict, conditions)
                .filter(condition -> !condition.in(conditions))
                .map(condition -> Map.of(CONDITIONS, condition.into(conditions, now)));
    }
}
