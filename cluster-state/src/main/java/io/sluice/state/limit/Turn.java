package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.List;

/**
 * When tokens that are in use for as long as a request takes were shared out: an era and a day in it. Such tokens are shared out
 * afresh with either; what is in use goes on over as many turns as it likes.
 *
 * <p>Nobody knows by the clock when the last token of a turn is free. So a node counts by all turns since the last that is
 * <em>cleared</em>, in each of which it owns something, and spends the least of it. It has <em>settled</em> in a turn when what it
 * has in use fits into what it owns there; from then on it always does. Once every member has settled in a turn it is
 * cleared: those before bind nobody any more.
 *
 * @param era see {@link Era#number}
 * @param generation see {@link Generation}
 */
public record Turn(int era, long generation) {

    /** Before all others. */
    static final Turn NONE = new Turn(0, 0);

    /** Of more eras and days than this only the last one is counted by as well. */
    private static final int MOST = 100;

    private static final long DAY = Generation.DAY_MILLIS / Generation.UNIT_MILLIS;

    /** The later of both, part by part. */
    Turn max(Turn other) {
        return covers(other) ? this : new Turn(Math.max(era, other.era), Math.max(generation, other.generation));
    }

    /** The earlier of both, part by part. */
    Turn min(Turn other) {
        return covers(other) ? other : new Turn(Math.min(era, other.era), Math.min(generation, other.generation));
    }

    /** Whether it is the same or later, in both parts. */
    boolean covers(Turn other) {
        return era >= other.era && generation >= other.generation;
    }

    /** The turn of a time; {@link #NONE} while no era is known. */
    static Turn at(Estates estates, long time) {
        return estates.at(time)
                .map(found -> new Turn(found.number(), Generation.of(WindowType.CONCURRENCY, Period.SECOND, time)))
                .orElse(NONE);
    }

    /**
     * The shares that count at a time, from the last cleared one on.
     *
     * @param entered a turn that this node has begun to count by, whatever its clock says now
     */
    static List<ClaimsRule.Share> shares(Estates estates, Turn entered, long time) {
        List<Era> eras = estates.eras();
        Turn now = at(estates, time);
        if (eras.isEmpty() || now.equals(NONE)) {
            return List.of();
        }
        Turn cleared = estates.cleared();
        Turn last = now.max(entered).max(cleared);
        Turn next = cleared.equals(NONE) ? new Turn(eras.get(0).number(), now.generation - DAY) : cleared;
        List<ClaimsRule.Share> shares = new ArrayList<>(1);
        add(shares, eras, next);
        for (int i = 0; i < MOST && !next.covers(last); i++) {
            next = i < MOST - 1 ? next.following(eras, last) : last;
            add(shares, eras, next);
        }
        return shares;
    }

    private static void add(List<ClaimsRule.Share> shares, List<Era> eras, Turn turn) {
        for (Era era : eras) {
            if (era.number() == turn.era) {
                shares.add(new ClaimsRule.Share(era, turn.generation));
            }
        }
    }

    /** Whatever comes first: the next era, the next day, or both. */
    private Turn following(List<Era> eras, Turn last) {
        long midnight = generation < last.generation ? end(generation) : Long.MAX_VALUE;
        for (Era next : eras) {
            if (next.number() > era && next.number() <= last.era) {
                return new Turn(
                        next.start() <= midnight ? next.number() : era,
                        midnight <= next.start() ? generation + DAY : generation);
            }
        }
        return new Turn(last.era, generation + DAY);
    }

    /** When the day of a generation ends; its rows are kept for another. */
    static long end(long generation) {
        return Generation.endMillis(generation) - Generation.DAY_MILLIS;
    }
}
