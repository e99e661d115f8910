package io.sluice.node.proxy;

import io.sluice.node.plugin.Verdict;
import java.util.Optional;

/** The most bytes of content a request's body may have: the node's limit and those that plugins set. Reused. */
final class BodyLimit {

    private final long nodeLimit;
    private long most = Long.MAX_VALUE;
    private Optional<Verdict.Answer> answer = Optional.empty();

    /**
     * @param nodeLimit in bytes, 0 for none
     */
    BodyLimit(long nodeLimit) {
        this.nodeLimit = nodeLimit > 0 ? nodeLimit : Long.MAX_VALUE;
    }

    /** Whether a body of that length is refused before any plugin is asked. */
    boolean refuses(long length) {
        return length > nodeLimit;
    }

    /** Takes the limits of an exchange. */
    void begin(UpstreamView forward) {
        most = Math.min(nodeLimit, forward.bodyLimit());
        answer = forward.bodyLimit() <= nodeLimit ? forward.tooLarge() : Optional.empty();
    }

    boolean exceeded(long received) {
        return received > most;
    }

    /** What a plugin wants answered; empty if it is the node's limit. */
    Optional<Verdict.Answer> answer() {
        return answer;
    }
}
