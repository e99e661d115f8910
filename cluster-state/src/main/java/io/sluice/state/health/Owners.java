package io.sluice.state.health;

import java.nio.charset.StandardCharsets;

/**
 * Who looks after an address: of all members the two that rendezvous hashing puts first, so that all nodes agree without a word, and
 * only what a node that comes or goes owns changes hands.
 *
 * @param owner probes it, and decides for all
 * @param second is asked before the owner condemns it; 0 if there is no other member
 */
record Owners(long owner, long second) {

    static final Owners NONE = new Owners(0, 0);

    /** By the ids of the members, in any order. */
    static Owners of(TargetAddress address, long[] members) {
        long key = hash(address);
        long owner = 0;
        long second = 0;
        long highest = 0;
        long high = 0;
        for (long member : members) {
            long weight = mixed(key ^ mixed(member));
            if (owner == 0 || isAbove(weight, member, highest, owner)) {
                second = owner;
                high = highest;
                owner = member;
                highest = weight;
            } else if (second == 0 || isAbove(weight, member, high, second)) {
                second = member;
                high = weight;
            }
        }
        return new Owners(owner, second);
    }

    private static boolean isAbove(long weight, long member, long otherWeight, long other) {
        return weight == otherWeight ? member > other : weight > otherWeight;
    }

    private static long hash(TargetAddress address) {
        long hash = 0xcbf29ce484222325L;
        for (byte one : address.toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ one & 0xFF) * 0x100000001b3L;
        }
        return hash;
    }

    /** Finishes a hash as MurmurHash3 does. */
    private static long mixed(long value) {
        long hash = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
