package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Candidates;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through its destination's targets: which have failed it, and which carries it now. A target that has
 * failed is not tried again while another is left. One object for all requests of a client connection, on its event loop's
 * thread.
 */
public final class Selection implements Candidates {

    private final TargetSet failed = new TargetSet();
    private final TargetSet unresolved = new TargetSet();
    private @Nullable Destination destination;
    private int current = Balancer.NONE;
    private boolean stay;

    /** Begins with a request. */
    public void begin(Destination where) {
        end();
        destination = where;
    }

    /** The place for the next try. */
    public Choice next() {
        Destination where = destination;
        if (where == null) {
            throw new IllegalStateException("no request");
        }
        if (stay) {
            stay = false;
            Choice choice = taken(where, current);
            if (choice != Choice.Unresolved.INSTANCE) {
                return choice;
            }
        }
        for (int picked = pick(where); picked != Balancer.NONE; picked = pick(where)) {
            Choice choice = taken(where, picked);
            if (choice != Choice.Unresolved.INSTANCE) {
                return choice;
            }
        }
        return unresolved.isEmpty() ? Choice.NoPeer.INSTANCE : Choice.Unresolved.INSTANCE;
    }

    private int pick(Destination where) {
        int picked = where.balancer().pick(this);
        if (picked == Balancer.NONE && !failed.isEmpty()) {
            failed.clear(); // all have been tried: once more from the start
            picked = where.balancer().pick(this);
        }
        return picked;
    }

    private Choice taken(Destination where, int target) {
        Choice choice = where.at(target);
        if (choice == Choice.Unresolved.INSTANCE) {
            unresolved.add(target);
            current = Balancer.NONE;
        } else {
            current = target;
            stay = choice instanceof Choice.Resolving; // then it is asked again
        }
        return choice;
    }

    @Override
    public boolean usable(int target) {
        return !failed.has(target) && !unresolved.has(target);
    }

    /** The current target has failed: the next try is for another. */
    public void failed() {
        if (current != Balancer.NONE) {
            failed.add(current);
            current = Balancer.NONE;
        }
    }

    /** The current try has ended without a fault of the target, which gets the next one too. */
    public void again() {
        stay = current != Balancer.NONE;
    }

    /** The request has ended. A second call does nothing. */
    public void end() {
        failed.clear();
        unresolved.clear();
        destination = null;
        current = Balancer.NONE;
        stay = false;
    }
}
