package io.sluice.node.upstream;

import java.util.Arrays;

/** A few targets' numbers; usually none. Reused; one thread. */
final class TargetSet {

    private static final int[] NONE = new int[0];

    private int[] members = NONE;
    private int size;

    void add(int target) {
        if (has(target)) {
            return;
        }
        if (size == members.length) {
            members = Arrays.copyOf(members, Math.max(4, size * 2));
        }
        members[size++] = target;
    }

    boolean has(int target) {
        for (int i = 0; i < size; i++) {
            if (members[i] == target) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
    }
}
