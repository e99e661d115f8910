package io.sluice.node.balance;

/** What a request knows of the targets it may go to, numbered from 0. Asked on the request path, by one thread at a time. */
public interface Candidates {

    /** Whether the target may be used for this request now: it has not failed it yet, and nothing else is against it. */
    boolean usable(int target);

    /** The hash of what the request is to be told apart by; the same for every try. */
    default long key() {
        return 0;
    }

    /** As {@link System#nanoTime}, maybe a moment old. */
    default long now() {
        return 0;
    }
}
