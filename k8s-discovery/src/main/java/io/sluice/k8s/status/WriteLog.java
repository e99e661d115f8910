package io.sluice.k8s.status;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators are told about writing; about the same thing once a minute at most. Not thread-safe. */
final class WriteLog {

    private static final Logger LOG = LoggerFactory.getLogger(WriteLog.class);
    private static final int LONGEST_REASON = 300;
    private static final long BETWEEN = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private final Map<String, Long> told = new HashMap<>();

    /** @param nanos a clock that only goes forward */
    WriteLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void leads() {
        LOG.atInfo().log("this node writes the status of kubernetes objects from now on");
    }

    void leadsNoLonger() {
        LOG.atInfo().log("this node no longer writes the status of kubernetes objects");
    }

    /** The node's role does not allow a request. */
    void forbidden(String verb, String resource, String namespace) {
        if (due("forbidden " + verb + resource)) {
            LOG.atWarn()
                    .addKeyValue("verb", verb)
                    .addKeyValue("resource", resource)
                    .addKeyValue("namespace", namespace)
                    .log("the kubernetes api forbids what the node's role should allow");
        }
    }

    /** The server does not take what is written. */
    void refused(String verb, String resource, String object, String reason) {
        if (due("refused " + resource)) {
            LOG.atWarn()
                    .addKeyValue("verb", verb)
                    .addKeyValue("resource", resource)
                    .addKeyValue("object", object)
                    .addKeyValue("reason", reason)
                    .log("the kubernetes api does not take what status needs");
        }
    }

    /** No answer, or one that says "later". */
    void failed(String verb, String resource, String reason) {
        if (due("failed")) {
            LOG.atWarn()
                    .addKeyValue("verb", verb)
                    .addKeyValue("resource", resource)
                    .addKeyValue("reason", reason)
                    .log("the kubernetes api does not answer as it should, status is written later");
        }
    }

    /** A bug. */
    void broken(RuntimeException cause) {
        if (due("broken")) {
            LOG.atError().setCause(cause).log("status could not be worked out");
        }
    }

    /** What went wrong, in few words. */
    static String reason(KubernetesClientException failure) {
        String message = String.valueOf(failure.getMessage());
        String status = failure.getCode() > 0 ? "status " + failure.getCode() + ": " : "";
        return status + (message.length() > LONGEST_REASON ? message.substring(0, LONGEST_REASON) : message);
    }

    private boolean due(String what) {
        long now = nanos.getAsLong();
        Long before = told.get(what);
        if (before != null && now - before < BETWEEN) {
            return false;
        }
        told.put(what, now);
        return true;
    }
}
