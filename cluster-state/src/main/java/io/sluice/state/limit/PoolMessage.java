package io.sluice.state.limit;

import java.util.Arrays;
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
            implements PoolMessage {

        @Override
        public String toString() {
            return "Ask[rule=" + rule + ", hash=" + hash + ", slot=" + slot + ", asker=" + asker + ", number=" + number
                    + ", want=" + want + ", demand=" + demand + ", owned=" + owned + ", visited="
                    + Arrays.toString(visited) + ", freeAt=" + freeAt + "]";
        }
    }

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

    /**
     * Is there room? Asked of the home of a key with few tokens, which counts the request if there is.
     *
     * @param number of the question
     */
    record Decide(UUID rule, long hash, long asker, long number, long cost) implements PoolMessage {

        @Override
        public int slot() {
            return 0;
        }
    }

    /**
     * The home's answer.
     *
     * @param number of the question
     * @param time of the decision, milliseconds since the epoch
     * @param quietUntil until when no request for the key needs to ask, 0 if the next one may
     * @param used by position, see {@link Outcome#used}
     * @param freeAt by position, see {@link Outcome#freeAt}
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Decided(
            UUID rule, long hash, long number, boolean admitted, long time, long quietUntil, long[] used, long[] freeAt)
            implements PoolMessage {

        @Override
        public int slot() {
            return 0;
        }

        @Override
        public String toString() {
            return "Decided[rule=" + rule + ", hash=" + hash + ", number=" + number + ", admitted=" + admitted
                    + ", time=" + time + ", quietUntil=" + quietUntil + ", used=" + Arrays.toString(used)
                    + ", freeAt=" + Arrays.toString(freeAt) + "]";
        }
    }

    /**
     * Tells what the sender will spend of a long window, before it does.
     *
     * @param row with {@link TransferRow#SPENT} as its recipient
     * @param number of the declaration
     */
    record Declare(TransferRow row, long number) implements PoolMessage {

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
     * A declaration is known here.
     *
     * @param node who says so
     * @param number of the declaration
     */
    record Noted(UUID rule, long hash, int slot, long node, long number) implements PoolMessage {}

    /**
     * Tells how much a node has used of a key in a calendar window.
     *
     * @param window its start, milliseconds since the epoch
     */
    record Usage(UUID rule, long hash, int slot, long node, long window, long used) implements PoolMessage {}
}
