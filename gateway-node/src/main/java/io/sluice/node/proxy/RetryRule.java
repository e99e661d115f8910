package io.sluice.node.proxy;

import io.sluice.node.http.RequestHead;

/**
 * Whether a failed try may be repeated: Kong's (nginx's) rule. What was sent decides: a request that may change something is
 * not sent twice once the upstream may have seen it, and nothing is repeated whose body is gone.
 */
final class RetryRule {

    private RetryRule() {}

    /**
     * @param sent whether any byte was handed to the connection
     * @param replayable whether everything sent so far can be sent again
     */
    static boolean repeatable(RequestHead head, boolean sent, boolean replayable) {
        return replayable && (!sent || idempotent(head));
    }

    private static boolean idempotent(RequestHead head) {
        return !head.methodIs("POST") && !head.methodIs("PATCH") && !head.methodIs("LOCK");
    }
}
