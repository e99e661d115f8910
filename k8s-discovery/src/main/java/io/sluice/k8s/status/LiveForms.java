package io.sluice.k8s.status;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.translate.Delivered;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * On how many nodes the present form of each object is live. Nodes say only which configuration they have, by its hash; this node
 * remembers in which of its own configurations an object got its present form, and a node has it once it has that configuration or a
 * later one. So a change of something else makes no object's count go back. Not thread-safe.
 */
final class LiveForms {

    /** Older configurations than these no node should have any more. */
    private static final int REMEMBERED = 1_000;

    /**
     * An object's form.
     *
     * @param first the number of the configuration that had it first
     * @param since when that was, on the scale of {@link System#nanoTime()}
     */
    record Form(Decoded object, long first, long since) {}

    private final Map<String, Long> numbers = new LinkedHashMap<>();
    private final Map<Long, Long> reached = new HashMap<>();
    private Map<ObjectRef, Form> forms = Map.of();
    private long last;
    private String hash = "";

    /** Takes in what is live on this node now. */
    void deliver(Delivered delivered, long nanos) {
        if (!delivered.live()) {
            return;
        }
        if (last == 0 || !hash.equals(delivered.hash())) {
            hash = delivered.hash();
            last++;
        }
        numbers.remove(hash);
        numbers.put(hash, last);
        if (numbers.size() > REMEMBERED) {
            numbers.remove(numbers.keySet().iterator().next());
        }
        Map<ObjectRef, Form> next = new HashMap<>();
        for (Decoded object : delivered.objects()) {
            ObjectRef ref = object.metadata().ref();
            if (delivered.translation().programmed().contains(ref)) {
                Form before = forms.get(ref);
                boolean same = before != null && before.object.equals(object);
                next.put(ref, same ? before : new Form(object, last, nanos));
            }
        }
        forms = next;
    }

    /** Takes in which hashes nodes have live, by their ids. */
    void heard(Map<Long, String> live) {
        reached.keySet().retainAll(live.keySet());
        live.forEach((node, one) -> {
            Long number = numbers.get(one);
            if (number != null) {
                reached.merge(node, number, Math::max);
            }
        });
    }

    /** Whether that very form is live on this node. */
    boolean isLive(Decoded object) {
        Form form = forms.get(object.metadata().ref());
        return form != null && form.object.equals(object);
    }

    /** Since when its form has been live on this node; only for what is. */
    long since(Decoded object) {
        Form form = forms.get(object.metadata().ref());
        return form == null ? 0 : form.since;
    }

    /** How many nodes have it. */
    int count(Decoded object) {
        Form form = forms.get(object.metadata().ref());
        if (form == null) {
            return 0;
        }
        int count = 0;
        for (long number : reached.values()) {
            count += number >= form.first ? 1 : 0;
        }
        return count;
    }
}
