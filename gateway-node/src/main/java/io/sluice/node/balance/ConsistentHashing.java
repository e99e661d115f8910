package io.sluice.node.balance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing: the request's key chooses a slot, and the slot its target. A slot belongs to the target with the highest
 * score for it, drawn from a hash of the target's name and weighed (weighted
 * rendezvous hashing: -weight / ln(hash)). So every node and every revision gives a key the same target whatever the
 * order of the targets; a target that leaves gives up its own slots only, to all others by weight; and one that cannot be used
 * is stood in for by the same other target for the same key.
 *
 * <p>Kong's ring of 160 points per target and weight differs: keys are on other targets than in Kong, and shares here are as
 * even as the slots are many (with 10,000 slots and 4 targets within 1 % of all keys), where 160 points err by several.
 *
 * <p>With a {@link LoadBound} a target that carries too much is passed over as if it could not be used. Slow starts are not minded:
 * they would move keys.
 *
 * <p>Costs slots x targets hashes when made, one array read per pick, and one hash per target if the first cannot be used.
 */
public final class ConsistentHashing implements Balancer {

    /** As in Kong, fewer slots than this are not worth it. */
    private static final int FEWEST_SLOTS = 1000;

    private final long[] seeds;
    private final int[] weights;
    private final boolean even;
    private final int[] owners;
    private final @Nullable LoadBound bound;

    /**
     * @param slots how finely keys are shared out, 10 to 65536; below 1000 counts as 1000
     * @param names of the targets, which are what is hashed
     * @param weights of the targets, 0 to 65535; 0 is never picked
     * @param bound what a target may carry; null for all that hashing gives it
     */
    ConsistentHashing(int slots, List<String> names, int[] weights, @Nullable LoadBound bound) {
        this.bound = bound;
        this.seeds = names.stream().mapToLong(KeyHash::of).toArray();
        this.weights = weights.clone();
        this.even = sameOrZero(weights);
        this.owners = new int[Math.max(slots, FEWEST_SLOTS)];
        for (int slot = 0; slot < owners.length; slot++) {
            owners[slot] = best(slot, target -> true);
        }
    }

    private static boolean sameOrZero(int[] weights) {
        int seen = 0;
        boolean same = true;
        for (int weight : weights) {
            same &= weight == 0 || seen == 0 || weight == seen;
            seen = weight == 0 ? seen : weight;
        }
        return same;
    }

    @Override
    public int pick(Candidates candidates) {
        int slot = (int) ((candidates.key() >>> 32) * owners.length >>> 32);
        int owner = owners[slot];
        LoadBound most = bound;
        if (most == null || owner == NONE) {
            return owner == NONE || candidates.usable(owner) ? owner : best(slot, candidates);
        }
        double perWeight = most.perWeight(candidates);
        if (candidates.usable(owner) && most.hasRoom(owner, perWeight)) {
            return owner;
        }
        int roomy = best(slot, candidates, most, perWeight);
        return roomy == NONE ? best(slot, candidates) : roomy; // others picked at the same instant
    }

    private int best(int slot, Candidates candidates) {
        return best(slot, candidates, null, 0);
    }

    private int best(int slot, Candidates candidates, @Nullable LoadBound most, double perWeight) {
        long place = KeyHash.of((long) slot);
        int best = NONE;
        double highest = 0;
        for (int i = 0; i < seeds.length; i++) {
            if (weights[i] > 0 && candidates.usable(i) && (most == null || most.hasRoom(i, perWeight))) {
                double score = score(place, i);
                if (best == NONE || score > highest) {
                    best = i;
                    highest = score;
                }
            }
        }
        return best;
    }

    private double score(long place, int target) {
        long hash = KeyHash.of(place ^ seeds[target]);
        double drawn = ((hash >>> 11) + 0.5) * 0x1p-53; // above 0, below 1
        return even ? drawn : -weights[target] / StrictMath.log(drawn); // strict: every machine must agree
    }

    @Override
    public void started(int target) {
        LoadBound counted = bound;
        if (counted != null) {
            counted.started(target);
        }
    }

    @Override
    public void ended(int target) {
        LoadBound counted = bound;
        if (counted != null) {
            counted.ended(target);
        }
    }
}
