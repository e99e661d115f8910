package io.sluice.node.upstream;

import java.util.Arrays;

/** A few targets' numbers; usually none. Reused; one thread. */
final class TargetSet {

    private int[] members = new int[4];
    private int size;

    void add(int target) {
        if (has(target)) {
            return;
        }
        if (size == members.length) {
            members = Arrays.copyOf(members, size * 2);
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
