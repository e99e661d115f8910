package io.sluice.k8s.watch;

import io.sluice.k8s.api.WatchedKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators are told about watching: that the server is away once a minute at most however many watches are, what is
 * forbidden or not served once until that changes. Never what objects hold. Thread-safe.
 */
final class WatchLog {

    private static final Logger LOG = LoggerFactory.getLogger(WatchLog.class);
    private static final long BETWEEN_WARNINGS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private final Map<String, String> standing = new TreeMap<>();
    private @Nullable Long warned;
    private boolean away;

    /** @param nanos a clock that only goes forward */
    WatchLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A request had no answer, or one that says "later". */
    synchronized void failed(String verb, WatchedKind kind, String namespace, String reason) {
        standing.put(place(kind, namespace), verb + " " + place(kind, namespace) + ": " + reason);
        away = true;
        long now = nanos.getAsLong();
        if (warned == null || now - warned >= BETWEEN_WARNINGS) {
            warned = now;
            LOG.atWarn()
                    .addKeyValue("verb", verb)
                    .addKeyValue("resource", place(kind, namespace))
                    .addKeyValue("reason", reason)
                    .log("the kubernetes api does not answer as it should, what is known stays in force");
        }
    }

    /** The node's role does not allow a request. */
    synchronized void forbidden(String verb, WatchedKind kind, String namespace) {
        String sentence = verb + " " + place(kind, namespace) + ": forbidden";
        if (!sentence.equals(standing.put(place(kind, namespace), sentence))) {
            LOG.atWarn()
                    .addKeyValue("verb", verb)
                    .addKeyValue("resource", kind.plural())
                    .addKeyValue("group", kind.group())
                    .addKeyValue("namespace", namespace.isEmpty() ? "(all)" : namespace)
                    .log("the kubernetes api forbids what the node's role should allow");
        }
    }

    /** The server does not know the kind. */
    void notServed(WatchedKind kind) {
        LOG.atInfo()
                .addKeyValue("kind", kind.kind())
                .addKeyValue("version", kind.apiVersion())
                .log("the kubernetes api does not serve a kind, it is done without until it appears");
    }

    /** It knows it by now. */
    void servedAgain(WatchedKind kind) {
        LOG.atInfo().addKeyValue("kind", kind.kind()).log("the kubernetes api serves a kind that it did not before");
    }

    /** A watch works, or is not needed any more. */
    synchronized void works(WatchedKind kind, String namespace) {
        standing.remove(place(kind, namespace));
        if (away && standing.isEmpty()) {
            away = false;
            LOG.atInfo().log("the kubernetes api answers again");
        }
    }

    /** What does not work at the moment, one sentence each; empty if all does. */
    synchronized List<String> standing() {
        return List.copyOf(standing.values());
    }

    /** {@code ingresses.networking.k8s.io in namespace a}. */
    private static String place(WatchedKind kind, String namespace) {
        String resource = kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
        return namespace.isEmpty() ? resource : resource + " in namespace " + namespace;
    }
}
