package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is found out about objects during one translation. Not thread-safe. */
public final class Findings {

    private static final Comparator<ObjectProblem> BY_OBJECT = Comparator.comparing(ObjectProblem::object);

    private final Set<ObjectProblem> problems = new LinkedHashSet<>();
    private final Set<ObjectRef> used = new HashSet<>();
    private final Set<ObjectRef> refused = new HashSet<>();

    /** Something of the object is in the configuration. */
    public void use(ObjectRef object) {
        used.add(object);
    }

    /** The object is left out. */
    public void refuse(ObjectRef object, String field, String reason) {
        refused.add(object);
        problems.add(new ObjectProblem(object, Effect.REFUSED, field, reason));
    }

    /** A part of the object is left out. */
    public void partly(ObjectRef object, String field, String reason) {
        problems.add(new ObjectProblem(object, Effect.PARTLY, field, reason));
    }

    /** Something worth knowing. */
    public void note(ObjectRef object, String field, String reason) {
        problems.add(new ObjectProblem(object, Effect.NOTE, field, reason));
    }

    /** Whether the object is left out. */
    public boolean refused(ObjectRef object) {
        return refused.contains(object);
    }

    /** All problems, by object. */
    public List<ObjectProblem> problems() {
        List<ObjectProblem> sorted = new ArrayList<>(problems);
        sorted.sort(BY_OBJECT);
        return List.copyOf(sorted);
    }

    /** The objects that are in the configuration. */
    public Set<ObjectRef> programmed() {
        Set<ObjectRef> programmed = new TreeSet<>(used);
        programmed.removeAll(refused);
        return programmed;
    }
}
