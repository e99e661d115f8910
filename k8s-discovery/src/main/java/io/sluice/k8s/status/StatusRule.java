package io.sluice.k8s.status;

import io.sluice.k8s.api.Metadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How what is to be said of an object is written into the status of its kind. Pure. */
interface StatusRule {

    /**
     * The fields that must change.
     *
     * @param present the status that the object has
     * @return empty if all is as it should be, or had better be left as it is
     */
    Optional<Map<String, @Nullable Object>> change(
            Metadata object, Verdict verdict, Map<String, @Nullable Object> present);

    /** The condition that Kong's controller calls Programmed, for what it is known of; empty if nothing is to be said. */
    static Optional<Condition> programmed(
            Metadata object, Verdict verdict, List<Map<String, @Nullable Object>> present) {
        Condition before = Condition.find(present, Condition.PROGRAMMED);
        String message = verdict.message();
        return switch (verdict.word()) {
            case INVALID, OUTDATED -> Optional.of(condition(object, false, Condition.INVALID, message));
            case PENDING -> Optional.of(condition(object, false, Condition.PENDING, message));
            case UNUSED ->
                isOurs(before, object)
                        ? Optional.of(condition(object, false, Condition.PENDING, message))
                        : Optional.empty();
            case LIVE -> {
                boolean stands = before.met()
                        && before.generation() == object.generation()
                        && verdict.wasEverywhere(before.message());
                yield stands || !verdict.settled()
                        ? Optional.empty()
                        : Optional.of(condition(object, true, Condition.LIVE, message));
            }
        };
    }

    /** Another controller may have written it: of what nothing here uses, only what this gateway once said is corrected. */
    private static boolean isOurs(Condition before, Metadata object) {
        boolean outdated = before.reason().equals(Condition.INVALID) && before.generation() != object.generation();
        return outdated || Verdict.isOurs(before.message());
    }

    private static Condition condition(Metadata object, boolean met, String reason, String message) {
        return new Condition(Condition.PROGRAMMED, met, reason, message, object.generation());
    }
}
