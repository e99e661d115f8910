package io.sluice.state.limit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What all nodes must agree on about who owns what: the eras, and who inherits what a node that left still owned. Grows only;
 * merging is commutative, associative and idempotent. Immutable.
 *
 * <p>An era is announced {@link #NOTICE_MILLIS} before it begins and an inheritance counts as long after it was left: by then
 * every node that may still admit has heard of it, since one that hears of nobody for {@link Contact#FENCE_MILLIS} stops.
 */
public final class Estates {

    /** Nothing is known yet: nobody owns anything. */
    public static final Estates NONE = new Estates(Map.of(), Map.of(), Map.of(), Turn.NONE);

    /** How long before it takes effect a change is announced. */
    static final long NOTICE_MILLIS = 10_000;

    /** Longer than any window but a year's, and than what slides behind one that is shared out afresh. */
    private static final long KEPT_MILLIS = Duration.ofDays(32).toMillis();

    private final TreeMap<Integer, Era> eras;
    private final TreeMap<Long, Bequest> bequests;
    private final TreeMap<Long, Turn> settled;
    private final Turn cleared;

    /**
     * What a node still owned when it left or died.
     *
     * @param at when it left or was removed, milliseconds since the epoch
     * @param died it did not hand over, so only what it had to declare is known
     */
    public record Bequest(long from, long heir, long at, boolean died) {

        @Override
        public String toString() {
            return "Bequest[from=" + from + ", heir=" + heir + ", at=" + at + (died ? ", died]" : "]");
        }

        private Bequest merge(Bequest other) {
            boolean first = at != other.at ? at < other.at : Long.compareUnsigned(heir, other.heir) <= 0;
            return first ? this : other;
        }
    }

    private Estates(Map<Integer, Era> eras, Map<Long, Bequest> bequests, Map<Long, Turn> settled, Turn cleared) {
        this.eras = new TreeMap<>(eras);
        this.bequests = new TreeMap<>(bequests);
        this.settled = new TreeMap<>(settled);
        this.cleared = cleared;
    }

    /** What a node knows that begins a cluster by itself. */
    public static Estates founded(long node) {
        return NONE.with(new Era(0, Long.MIN_VALUE, new long[] {node}));
    }

    /** Where nobody has settled yet. */
    public static Estates of(Collection<Era> eras, Collection<Bequest> bequests) {
        return of(eras, bequests, Map.of(), Turn.NONE);
    }

    /** From what was replicated. */
    public static Estates of(
            Collection<Era> eras, Collection<Bequest> bequests, Map<Long, Turn> settled, Turn cleared) {
        Estates all = new Estates(Map.of(), Map.of(), settled, cleared);
        for (Era era : eras) {
            all = all.with(era);
        }
        for (Bequest bequest : bequests) {
            all = all.with(bequest);
        }
        return all;
    }

    /** In their order. */
    public List<Era> eras() {
        return List.copyOf(eras.values());
    }

    /** In the order of those who left. */
    public List<Bequest> bequests() {
        return List.copyOf(bequests.values());
    }

    /** In which turn each node has settled last, by their ids. */
    public Map<Long, Turn> settled() {
        return Map.copyOf(settled);
    }

    /** The turn before which nothing counts any more: all members have settled in it. */
    public Turn cleared() {
        return cleared;
    }

    /** In which turn a node has settled last. */
    Turn settled(long node) {
        return settled.getOrDefault(node, Turn.NONE);
    }

    /** A node has settled in a turn. */
    Estates settle(long node, Turn turn) {
        Estates next = new Estates(eras, bequests, settled, cleared);
        next.settled.merge(node, turn, Turn::max);
        return next;
    }

    /** All have settled in a turn. */
    Estates clear(Turn turn) {
        return new Estates(eras, bequests, settled, cleared.max(turn));
    }

    /** Whether the same nodes own the same, whoever has settled since. */
    boolean sharesLike(Estates other) {
        return eras.equals(other.eras) && bequests.equals(other.bequests);
    }

    Estates with(Era era) {
        Estates next = new Estates(eras, bequests, settled, cleared);
        next.eras.merge(era.number(), era, (one, other) -> one.compareTo(other) <= 0 ? one : other);
        return next;
    }

    Estates with(Bequest bequest) {
        Estates next = new Estates(eras, bequests, settled, cleared);
        next.bequests.merge(bequest.from(), bequest, Bequest::merge);
        return next;
    }

    /** All that either knows. */
    public Estates merge(Estates other) {
        Estates next = new Estates(eras, bequests, settled, cleared.max(other.cleared));
        other.eras
                .values()
                .forEach(era -> next.eras.merge(era.number(), era, (one, two) -> one.compareTo(two) <= 0 ? one : two));
        other.bequests.values().forEach(bequest -> next.bequests.merge(bequest.from(), bequest, Bequest::merge));
        other.settled.forEach((node, turn) -> next.settled.merge(node, turn, Turn::max));
        return next;
    }

    /**
     * Without what no window goes by any more: eras that were over 32 days ago, but for the one in which the year began, and
     * those who left before and are in none of the others. Of those who are gone nobody asks where they had settled.
     */
    Estates current(long now) {
        long horizon = now - KEPT_MILLIS;
        long year = Period.YEAR.start(Period.YEAR.index(now));
        Estates kept = new Estates(Map.of(), Map.of(), settled, cleared);
        kept.settled.keySet().removeAll(bequests.keySet());
        Set<Long> needed = new HashSet<>();
        long end = Long.MAX_VALUE;
        for (Era era : eras.descendingMap().values()) {
            if (end > horizon || era.start() <= year && year < end) {
                kept.eras.put(era.number(), era);
                Arrays.stream(era.members()).forEach(needed::add);
            }
            end = Math.min(end, era.start());
        }
        bequests.values().stream()
                .filter(bequest -> bequest.at() > horizon)
                .forEach(bequest -> needed.add(bequest.from()));
        for (long node : List.copyOf(needed)) {
            for (Bequest next = bequests.get(node); next != null && kept.bequests.put(next.from(), next) == null; ) {
                next = bequests.get(next.heir());
            }
        }
        return kept;
    }

    /** The era that a time lies in. */
    Optional<Era> at(long time) {
        for (Era era : eras.descendingMap().values()) {
            if (era.start() <= time) {
                return Optional.of(era);
            }
        }
        return Optional.empty();
    }

    /** The one that was announced last. */
    Optional<Era> last() {
        return eras.isEmpty() ? Optional.empty() : Optional.of(eras.lastEntry().getValue());
    }

    /**
     * Who owns at a time what a node owned: itself unless it has left.
     *
     * @param ofDead whether what it had counts also if it died
     */
    long owner(long node, long time, boolean ofDead) {
        long owner = node;
        for (int i = 0; i <= bequests.size(); i++) {
            Bequest bequest = bequests.get(owner);
            if (bequest == null || bequest.at() > time - NOTICE_MILLIS || bequest.died() && !ofDead) {
                return owner;
            }
            owner = bequest.heir();
        }
        return owner; // a circle cannot be: nobody leaves twice, and heirs leave later
    }

    /** Whether it has left after handing over. */
    boolean hasLeft(long node) {
        Bequest bequest = bequests.get(node);
        return bequest != null && !bequest.died();
    }

    /** Whether it has left or died. */
    boolean isGone(long node) {
        return bequests.containsKey(node);
    }

    /** Those who have left something to others. */
    Iterable<Long> leavers() {
        return bequests.keySet();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Estates that
                && sharesLike(that)
                && settled.equals(that.settled)
                && cleared.equals(that.cleared);
    }

    @Override
    public int hashCode() {
        return eras.hashCode() * 31 + bequests.hashCode();
    }

    @Override
    public String toString() {
        return eras.values() + ", left: " + bequests.values()
                + (settled.isEmpty() ? "" : ", settled: " + settled)
                + (cleared.equals(Turn.NONE) ? "" : ", cleared: " + cleared);
    }
}
