package io.sluice.state.limit;

import java.util.Arrays;

/**
 * From a moment on all keys are shared out among these members. Windows that begin before it stay with the era they began in,
 * so who joins, leaves or dies changes nothing about a window that is open.
 *
 * @param number grows by one from era to era, from 0
 * @param start milliseconds since the epoch, on a full second; {@link Long#MIN_VALUE} for the first
 * @param members sorted, without duplicates
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in, compared by value
public record Era(int number, long start, long[] members) implements Comparable<Era> {

    /** Sorts the members. */
    public Era {
        members = Arrays.stream(members).sorted().distinct().toArray();
    }

    boolean contains(long node) {
        return Arrays.binarySearch(members, node) >= 0;
    }

    /** Of two eras with the same number, announced by two nodes that did not know of each other, the lesser one counts. */
    @Override
    public int compareTo(Era other) {
        int order = Integer.compare(number, other.number);
        order = order != 0 ? order : Long.compare(start, other.start);
        return order != 0 ? order : Arrays.compare(members, other.members);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Era that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return number * 31 + Arrays.hashCode(members);
    }

    @Override
    public String toString() {
        return "era " + number + " from " + start + " of " + Arrays.toString(members);
    }
}
