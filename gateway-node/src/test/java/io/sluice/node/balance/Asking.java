package io.sluice.node.balance;

import java.util.Set;

/** A request of a test. */
record Asking(long key, long now, Set<Integer> usable) implements Candidates {

    @Override
    public boolean usable(int target) {
        return usable.contains(target);
    }
}
