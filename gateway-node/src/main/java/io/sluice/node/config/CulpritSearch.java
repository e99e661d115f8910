package io.sluice.node.config;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.state.model.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds which changed objects a refusal is about that names none. Puts all of them back first; then lets them in by halves, the oldest
 * first, so that of two that cannot be together the younger is found. One bad object among n takes about 2 log2(n) tries. For one
 * search; not thread-safe.
 */
final class CulpritSearch {

    /** Each try costs a translation and a compilation; objects that are left then count as bad together. */
    private static final int MOST_TRIES = 100;

    private static final int MOST_REASONS = 5;

    private final Function<Map<ObjectRef, List<Problem>>, List<Problem>> attempt;
    private final Map<ObjectRef, List<Problem>> left = new HashMap<>();
    private List<Problem> latest = List.of();
    private int tries;

    /** @param attempt tries without these changes; gives what is wrong then, nothing if it was taken and is in force */
    CulpritSearch(Function<Map<ObjectRef, List<Problem>>, List<Problem>> attempt) {
        this.attempt = attempt;
    }

    /**
     * The objects to do without, each with what is wrong with it; all others have been tried together and are in force. Empty if that
     * is refused even without any of them.
     *
     * @param suspects the oldest first; together they are refused
     * @param reasons for which they are
     */
    Map<ObjectRef, List<Problem>> among(List<Decoded> suspects, List<Problem> reasons) {
        latest = reasons;
        leave(suspects);
        if (suspects.isEmpty() || !passes()) {
            return Map.of();
        }
        latest = reasons;
        divide(suspects);
        return left;
    }

    /** Whether all of them are good, together with those that are in already. */
    private boolean admit(List<Decoded> group) {
        if (tries >= MOST_TRIES) {
            return false;
        }
        group.forEach(object -> left.remove(object.metadata().ref()));
        if (passes()) {
            return true;
        }
        leave(group);
        if (group.size() > 1) {
            divide(group);
        }
        return false;
    }

    /** For a group that is refused. */
    private void divide(List<Decoded> group) {
        int half = group.size() / 2;
        List<Decoded> younger = group.subList(half, group.size());
        boolean olderAreGood = half == 0 || admit(group.subList(0, half));
        if (olderAreGood && younger.size() > 1) { // It must be among these: no need to try them together.
            divide(younger);
        } else if (half > 0) {
            admit(younger);
        }
    }

    private boolean passes() {
        tries++;
        List<Problem> problems = attempt.apply(left);
        latest = problems.isEmpty() ? latest : problems;
        return problems.isEmpty();
    }

    private void leave(List<Decoded> group) {
        for (Decoded object : group) {
            left.put(object.metadata().ref(), told(object));
        }
    }

    private List<Problem> told(Decoded object) {
        List<Problem> told = new ArrayList<>();
        for (Problem problem : latest.subList(0, Math.min(latest.size(), MOST_REASONS))) {
            String about = problem.object().equals("document") ? "" : problem.object() + ": ";
            told.add(new Problem(object.metadata().ref().toString(), problem.field(), about + problem.reason()));
        }
        return told;
    }
}
