package io.sluice.k8s.status;

import io.sluice.k8s.api.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Something to tell about an object by an event. Two that are equal are one event, told again.
 *
 * @param namespace of the event: the object's, or the default one for what belongs to the cluster
 */
record Notice(
        String apiVersion, String kind, String namespace, String name, String uid, Reason reason, String message) {

    private static final String FOR_CLUSTER = "default";

    /** Names of objects may be longer than those of events with something behind it. */
    private static final int LONGEST_NAME = 200;

    /** Why; as Kong's controller names it where it does. */
    enum Reason {
        TRANSLATION_FAILED("KongConfigurationTranslationFailed", true),
        APPLY_FAILED("KongConfigurationApplyFailed", true),
        SUCCEEDED("KongConfigurationSucceeded", false),
        NOTE("KongConfigurationNote", false);

        private final String word;
        private final boolean warning;

        Reason(String word, boolean warning) {
            this.word = word;
            this.warning = warning;
        }

        String word() {
            return word;
        }

        /** Whether it is a state that somebody has to mend. */
        boolean stays() {
            return warning;
        }

        /** The type of the event. */
        String type() {
            return warning ? "Warning" : "Normal";
        }
    }

    static Notice about(Metadata object, Reason reason, String message) {
        String apiVersion = object.group().isEmpty() ? object.version() : object.group() + "/" + object.version();
        return new Notice(
                apiVersion,
                object.kind(),
                object.namespace(),
                object.name(),
                object.uid(),
                reason,
                Verdicts.cut(message));
    }

    /** Where the event is: what belongs to the cluster has its events in the default namespace. */
    String eventNamespace() {
        return namespace.isEmpty() ? FOR_CLUSTER : namespace;
    }

    /** The event's name, the same whichever node tells it, so that nothing is told twice. */
    String eventName() {
        String all = String.join("\0", apiVersion, kind, namespace, name, uid, reason.word, message);
        String hash = UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 18)
                .replace("-", "");
        return (name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME)) + "." + hash;
    }
}
