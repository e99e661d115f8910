package io.sluice.state.limit;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a lane does for each of its keys, of which there may be a million: a piece at a time, so that requests that wait are not
 * kept waiting longer. Of the lane's thread only.
 */
final class Rounds {

    /** What for; what comes first is done first. The number is how many places of a table, taken or not, make a piece. */
    enum Purpose {
        /** This node leaves. */
        HAND_OVER(512),
        /** Who owns what has changed. */
        LET(2_048),
        /** Tokens at a time are shared out afresh. */
        SETTLE(1_024),
        /** Other members can be reached than before. */
        REVIEW(8_192),
        /** Others are told what is used. */
        REPORT(8_192);

        private final int piece;

        Purpose(int piece) {
            this.piece = piece;
        }

        /** How many places make a piece. */
        int piece() {
            return piece;
        }
    }

    /** All keys, or all rows. */
    interface Round {

        /** Goes on for so many places; false when nothing is left. */
        boolean goOn(int places);
    }

    private static final Purpose[] PURPOSES = Purpose.values();

    private final Map<Purpose, Round> open = new EnumMap<>(Purpose.class);

    /**
     * Begins a round, in place of one for the same purpose that has not come to its end. Its first piece is done at once, which
     * is all of it where there are few keys.
     */
    void begin(Purpose purpose, Round round) {
        open.put(purpose, round);
        goOn(purpose, round);
    }

    private void goOn(Purpose purpose, Round round) {
        if (!round.goOn(purpose.piece())) {
            open.remove(purpose, round); // its end may have begun another one
        }
    }

    /** Leaves a round where it is; its end never comes. */
    void drop(Purpose purpose) {
        open.remove(purpose);
    }

    boolean isOpen(Purpose purpose) {
        return open.containsKey(purpose);
    }

    boolean busy() {
        return !open.isEmpty();
    }

    /** Does a piece of what is most urgent; whether anything is left. */
    boolean goOn() {
        for (Purpose purpose : PURPOSES) {
            Round round = open.get(purpose);
            if (round != null) {
                goOn(purpose, round);
                return busy();
            }
        }
        return false;
    }
}
