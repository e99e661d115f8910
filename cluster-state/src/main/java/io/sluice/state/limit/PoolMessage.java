package io.sluice.state.limit;

import java.util.UUID;

/** What nodes tell each other about the tokens of a key. Losing, repeating or reordering any of them does no harm. */
public sealed interface PoolMessage {

    /** Whose key it is, see {@link LimitRule#id}. */
    UUID rule();

    /** The key, see {@link KeyHash}; says which lane it belongs to. */
    long hash();

    /** See {@link TransferRow#slot}. */
    int slot();

    /**
     * Wants tokens. Passed on from member to member until one has some.
     *
     * @param asker who gets them
     * @param number of the question, for the answer
     * @param want how many it could use at once, at least 1
     * @param demand how many it uses, in tokens per 1000 s
     * @param owned how many it owns
     * @param visited who has none
     * @param freeAt when the first of those who have been asked will have one again
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Ask(
            UUID rule,
            long hash,
            int slot,
            long asker,
            long number,
            long want,
            long demand,
            long owned,
            long[] visited,
            long freeAt)
            implements PoolMessage {}

    /**
     * Gives tokens: the donor's row after that, whatever came before.
     *
     * @param number of the question it answers; 0 if it does not
     */
    record Grant(TransferRow row, long number) implements PoolMessage {

        @Override
        public UUID rule() {
            return row.rule();
        }

        @Override
        public long hash() {
            return row.hash();
        }

        @Override
        public int slot() {
            return row.slot();
        }
    }

    /**
     * Nobody who was asked has any.
     *
     * @param number of the question
     * @param until when the first of them will, milliseconds since the epoch
     */
    record Empty(UUID rule, long hash, int slot, long number, long until) implements PoolMessage {}
}
