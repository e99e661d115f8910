package io.sluice.k8s.status;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.status.Verdict.Word;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.draft.Effect;
import io.sluice.k8s.translate.draft.ObjectProblem;
import io.sluice.state.model.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is to be said about each object after a translation. Pure but for the forms it is given. */
final class Verdicts {

    /** How long nodes may take until it is said that some of them do not have it yet. */
    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

    /** Longer messages help nobody. */
    static final int LONGEST = 1_000;

    private final Delivered delivered;
    private final LiveForms forms;
    private final int nodes;
    private final long nanos;
    private final String refusal;
    private final Map<ObjectRef, List<ObjectProblem>> problems = new HashMap<>();

    /**
     * Those of one moment.
     *
     * @param nodes how many there are
     * @param nanos the time, on the scale of the forms
     */
    Verdicts(Delivered delivered, LiveForms forms, int nodes, long nanos) {
        this.delivered = delivered;
        this.forms = forms;
        this.nodes = nodes;
        this.nanos = nanos;
        List<String> refusals =
                delivered.refusals().stream().map(Problem::toString).toList();
        this.refusal = cut(Verdict.notLive("the gateway refuses the configuration")
                + (refusals.isEmpty() ? "" : ": " + String.join("; ", refusals)));
        for (ObjectProblem problem : delivered.translation().problems()) {
            problems.computeIfAbsent(problem.object(), object -> new ArrayList<>())
                    .add(problem);
        }
    }

    /** What is to be said about one. */
    Verdict of(Decoded object) {
        ObjectRef ref = object.metadata().ref();
        List<ObjectProblem> all = problems.getOrDefault(ref, List.of());
        if (all.stream().anyMatch(problem -> problem.effect() == Effect.REFUSED)) {
            boolean older = all.stream().anyMatch(problem -> problem.reason().equals(LastGood.STILL_IN_FORCE));
            return Verdict.not(older ? Word.OUTDATED : Word.INVALID, told(all));
        }
        if (!delivered.translation().programmed().contains(ref)) {
            String nothing = Verdict.notLive("nothing that is live uses it");
            return Verdict.not(Word.UNUSED, all.isEmpty() ? nothing : cut(nothing + "; " + told(all)));
        }
        if (!forms.isLive(object)) {
            return Verdict.not(Word.PENDING, refusal);
        }
        int live = Math.min(forms.count(object), nodes);
        boolean settled = live == nodes || nanos - forms.since(object) >= PATIENCE;
        return new Verdict(Word.LIVE, live, nodes, told(all), settled);
    }

    private static String told(List<ObjectProblem> problems) {
        StringBuilder told = new StringBuilder();
        for (ObjectProblem problem : problems) {
            if (told.length() > LONGEST) {
                break; // there may be thousands more
            }
            told.append(told.length() == 0 ? "" : "; ");
            told.append(problem.effect() == Effect.PARTLY ? "left out: " : "").append(told(problem));
        }
        return cut(told.toString());
    }

    /** Field and reason. */
    static String told(ObjectProblem problem) {
        return problem.field().isEmpty() ? problem.reason() : problem.field() + ": " + problem.reason();
    }

    static String cut(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 3) + "...";
    }
}
