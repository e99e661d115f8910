package io.sluice.k8s.translate;

import io.sluice.k8s.api.ClusterObjects;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.translate.draft.Effect;
import io.sluice.k8s.translate.draft.ObjectProblem;
import io.sluice.state.model.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Translates, and where an object is refused, goes on with the form it had when it last was not. What is told is about the
 * objects as they are now. Remembers the objects of the last call; not thread-safe.
 */
public final class LastGood {

    /** The note on a refused object of which an older form is in force. */
    public static final String STILL_IN_FORCE = "the form it had before it was refused is still in force";

    private final Translator translator;
    private Map<ObjectRef, Decoded> good = Map.of();
    /** What was good before the last call. */
    private Map<ObjectRef, Decoded> before = Map.of();

    public LastGood(Translator translator) {
        this.translator = translator;
    }

    /** Translates all objects there are; costs twice as much if any of them is refused and had a good form. */
    public Translation translate(Collection<Decoded> objects) {
        before = good;
        return translate(objects, Set.of());
    }

    /**
     * Those of the last call's objects that are new or were other ones when they last were good: who may be to blame if what was good
     * before it is no longer. The oldest first.
     */
    public List<Decoded> changed(Collection<Decoded> objects) {
        List<Decoded> changed = new ArrayList<>();
        for (Decoded object : objects) {
            if (!object.equals(before.get(object.metadata().ref()))) {
                changed.add(object);
            }
        }
        changed.sort(Comparator.comparing(Decoded::metadata, Metadata.OLDEST_FIRST));
        return changed;
    }

    /** Forgets the last call: nothing came of it. What was good before it still is what is gone back to. */
    public void undo() {
        good = before;
    }

    /**
     * Translates the same objects again after the gateway refused what had come of them.
     *
     * @param rejected what it has against which objects; they go on with the form they had before
     * @param dropped those of them whose former form is of no use either
     */
    public Translation without(
            Collection<Decoded> objects, Map<ObjectRef, List<Problem>> rejected, Set<ObjectRef> dropped) {
        List<Decoded> left = new ArrayList<>(objects.size());
        for (Decoded object : objects) {
            List<Problem> problems = rejected.get(object.metadata().ref());
            left.add(problems == null ? object : new Decoded(object.metadata(), null, problems));
        }
        return translate(left, dropped);
    }

    private Translation translate(Collection<Decoded> objects, Set<ObjectRef> dropped) {
        Translation now = translator.translate(ClusterObjects.of(objects));
        Set<ObjectRef> refused = refused(now);
        Map<ObjectRef, Decoded> next = new HashMap<>(objects.size() * 2);
        List<Decoded> usable = new ArrayList<>(objects.size());
        boolean older = false;
        for (Decoded object : objects) {
            ObjectRef ref = object.metadata().ref();
            Decoded former = refused.contains(ref) && !dropped.contains(ref) ? before.get(ref) : null;
            older |= former != null;
            usable.add(former == null ? object : former);
            if (former != null) {
                next.put(ref, former);
            } else if (!refused.contains(ref)) {
                next.put(ref, object);
            }
        }
        good = next;
        if (!older) {
            return now;
        }
        Translation withOlder = translator.translate(ClusterObjects.of(usable));
        // What nothing used was not looked at: the older form may be as bad.
        Set<ObjectRef> inForce = new TreeSet<>(next.keySet());
        inForce.removeAll(refused(withOlder));
        return combined(now, inForce, refused, withOlder);
    }

    private static Set<ObjectRef> refused(Translation translation) {
        Set<ObjectRef> refused = new HashSet<>();
        for (ObjectProblem problem : translation.problems()) {
            if (problem.effect() == Effect.REFUSED) {
                refused.add(problem.object());
            }
        }
        return refused;
    }

    /** What is told about refused objects is about their present form, the rest about what is in force. */
    private static Translation combined(
            Translation now, Set<ObjectRef> inForce, Set<ObjectRef> refused, Translation withOlder) {
        List<ObjectProblem> problems = new ArrayList<>();
        for (ObjectProblem problem : now.problems()) {
            if (refused.contains(problem.object())) {
                problems.add(problem);
            }
        }
        for (ObjectRef object : new TreeSet<>(refused)) {
            if (inForce.contains(object)) {
                problems.add(new ObjectProblem(object, Effect.NOTE, "", STILL_IN_FORCE));
            }
        }
        for (ObjectProblem problem : withOlder.problems()) {
            if (!refused.contains(problem.object())) {
                problems.add(problem);
            }
        }
        problems.sort(Comparator.comparing(ObjectProblem::object));
        Set<ObjectRef> programmed = new TreeSet<>(withOlder.programmed());
        programmed.removeAll(refused);
        return new Translation(withOlder.document(), List.copyOf(problems), programmed);
    }
}
