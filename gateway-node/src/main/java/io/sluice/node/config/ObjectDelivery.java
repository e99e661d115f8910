package io.sluice.node.config;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.Translation;
import io.sluice.node.config.document.ConfigErrors;
import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.state.model.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * From all objects of a cluster to what is live. Translates, and offers the document unless it is the one that was offered last. A
 * document that is refused all the same (its parts are good, together they are not) is offered again without the objects that
 * its problems belong to, those going back to their former form, or out. Where the problems name none, the changes are tried by
 * halves until it is known whose they are. Remembers the last call; not thread-safe.
 */
final class ObjectDelivery {

    /** Each round leaves more objects out; what is left after so many is the gateway's own doing. */
    private static final int MOST_ROUNDS = 5;

    private final LastGood lastGood;
    private final Function<Candidate, Outcome> offer;
    private final Map<ObjectRef, List<Problem>> rejected = new HashMap<>();
    private final Set<ObjectRef> dropped = new HashSet<>();
    private String offered = "";
    private String live;
    private boolean accepted;
    private List<Problem> refusals = List.of();

    /**
     * @param live the hash of what is live before the first call
     * @param offer waits until it is known what became of a candidate; never {@link Outcome.Busy}
     */
    ObjectDelivery(LastGood lastGood, String live, Function<Candidate, Outcome> offer) {
        this.lastGood = lastGood;
        this.live = live;
        this.offer = offer;
    }

    /** Something else has become live. */
    void live(String hash) {
        live = hash;
    }

    /** All objects as they are now. */
    Delivered deliver(Collection<Decoded> objects) {
        Translation translation = lastGood.translate(objects);
        String hash = DeclarativeReader.hash(translation.document());
        if (!hash.equals(offered)) {
            translation = offer(objects, translation, hash);
            offered = hash;
        } else if (!accepted) {
            lastGood.undo();
        } else if (!rejected.isEmpty()) {
            translation = lastGood.without(objects, rejected, dropped);
        }
        return new Delivered(translation, objects, live, accepted, refusals);
    }

    private Translation offer(Collection<Decoded> objects, Translation first, String hash) {
        rejected.clear();
        dropped.clear();
        Translation translation = first;
        for (int round = 1; ; round++) {
            Outcome outcome = tried(translation, round == 1 ? hash : "");
            boolean less = outcome instanceof Outcome.Refused refused
                    && round < MOST_ROUNDS
                    && leaveOut(culprits(refused.errors(), objects));
            if (!less) {
                return accepted ? translation : searched(objects, translation);
            }
            translation = lastGood.without(objects, rejected, dropped);
        }
    }

    /** @param hash empty if it is not known */
    private Outcome tried(Translation translation, String hash) {
        // The keeper may change what it is given.
        Outcome outcome = offer.apply(new Candidate.Tree(PlainTree.of(translation.document()), hash));
        accepted = !(outcome instanceof Outcome.Refused);
        if (outcome instanceof Outcome.Live now) {
            live = now.declared().hash();
        } else if (outcome instanceof Outcome.Unchanged same) {
            live = same.hash();
        }
        refusals = outcome instanceof Outcome.Refused refused ? refused.errors().problems() : List.of();
        return outcome;
    }

    /** Without the changes that nobody wants, if that is enough; else nothing has changed. */
    private Translation searched(Collection<Decoded> objects, Translation refused) {
        List<Decoded> suspects = lastGood.changed(objects);
        suspects.removeIf(object -> rejected.containsKey(object.metadata().ref()));
        List<Problem> reasons = refusals;
        CulpritSearch search = new CulpritSearch(left -> {
            Map<ObjectRef, List<Problem>> without = new HashMap<>(left);
            without.putAll(rejected);
            tried(lastGood.without(objects, without, dropped), "");
            return refusals;
        });
        Map<ObjectRef, List<Problem>> found = search.among(suspects, reasons);
        rejected.putAll(found);
        accepted |= !found.isEmpty();
        if (!accepted) {
            refusals = reasons;
            lastGood.undo();
            return refused;
        }
        refusals = List.of();
        return lastGood.without(objects, rejected, dropped);
    }

    /** Whether there is anything that was not left out before. */
    private boolean leaveOut(Map<ObjectRef, List<Problem>> culprits) {
        boolean more = false;
        for (Map.Entry<ObjectRef, List<Problem>> culprit : culprits.entrySet()) {
            boolean again = rejected.putIfAbsent(culprit.getKey(), culprit.getValue()) != null;
            more |= !again || dropped.add(culprit.getKey());
        }
        return more;
    }

    /** The objects that refused entities come from, by the tags that say so. */
    private static Map<ObjectRef, List<Problem>> culprits(ConfigErrors errors, Collection<Decoded> objects) {
        Set<ObjectRef> known = new HashSet<>();
        objects.forEach(object -> known.add(object.metadata().ref()));
        Map<ObjectRef, List<Problem>> culprits = new HashMap<>();
        for (Map<String, Object> entity : errors.flattened()) {
            List<?> tags = entity.get("entity_tags") instanceof List<?> list ? list : List.of();
            ObjectRef object =
                    new ObjectRef(tag(tags, "k8s-kind:"), tag(tags, "k8s-namespace:"), tag(tags, "k8s-name:"));
            if (known.contains(object)) {
                culprits.computeIfAbsent(object, ref -> new ArrayList<>()).addAll(problems(object, entity));
            }
        }
        return culprits;
    }

    private static List<Problem> problems(ObjectRef object, Map<String, Object> entity) {
        List<Problem> problems = new ArrayList<>();
        String type = String.valueOf(entity.get("entity_type"));
        if (entity.get("errors") instanceof List<?> errors) {
            for (Object one : errors) {
                if (one instanceof Map<?, ?> error) {
                    String field = error.get("field") == null ? "" : "." + error.get("field");
                    problems.add(new Problem(object.toString(), type + field, String.valueOf(error.get("message"))));
                }
            }
        }
        return problems;
    }

    private static String tag(List<?> tags, String prefix) {
        for (Object tag : tags) {
            if (tag instanceof String text && text.startsWith(prefix)) {
                return text.substring(prefix.length());
            }
        }
        return "";
    }
}
