package io.sluice.state.limit;

/**
 * Who owns a key's tokens before any transfer: the first few members in the key's rendezvous order (Thaler and Ravishankar
 * 1998) get the same number each, the first of them, the home, also the remainder. All nodes that know of the same members
 * come to the same answer without a message.
 */
final class Holders {

    /** A share below this is not worth having: the tokens stay together. */
    private static final long LEAST_SHARE = 8;

    private Holders() {}

    /**
     * Whether a limit is so small that its tokens stay at home, which then decides every request. Tokens at a time always move:
     * each comes back to where it was taken.
     */
    static boolean scarce(WindowType type, long limit, int members) {
        return switch (type) {
                    case FIXED -> limit < 4L * members;
                    case SLIDING, BUCKET -> limit < 8L * members;
                    case CONCURRENCY -> false;
                }
                && members > 1;
    }

    /** Among how many members a limit is shared out. */
    static int count(WindowType type, long limit, int members) {
        return scarce(type, limit, members) ? 1 : (int) Math.max(1, Math.min(limit / LEAST_SHARE, members));
    }

    /** How many tokens a node owns at first; 0 if it is not a member. */
    static long share(WindowType type, long hash, long limit, long[] members, long node) {
        int rank = rank(hash, members, node);
        int holders = count(type, limit, members.length);
        if (rank < 0 || rank >= holders) {
            return 0;
        }
        return limit / holders + (rank == 0 ? limit % holders : 0);
    }

    /** The member that comes first for a key. */
    static long home(long hash, long[] members) {
        long home = members[0];
        for (long member : members) {
            if (before(hash, member, home)) {
                home = member;
            }
        }
        return home;
    }

    private static int rank(long hash, long[] members, long node) {
        int rank = 0;
        boolean found = false;
        for (long member : members) {
            if (member == node) {
                found = true;
            } else if (before(hash, member, node)) {
                rank++;
            }
        }
        return found ? rank : -1;
    }

    private static boolean before(long hash, long one, long other) {
        int order = Long.compareUnsigned(weight(hash, one), weight(hash, other));
        return order > 0 || order == 0 && Long.compareUnsigned(one, other) < 0;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long weight(long hash, long member) {
        long z = hash ^ member * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
