package io.sluice.k8s.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events have been told and which are due. What stands is told once, and again when it comes back or has stood for so long
 * that Kubernetes would soon forget it. Times are nanoseconds of one clock. Not thread-safe.
 */
final class EventBook {

    /** Events are kept for an hour unless the cluster's administrator says otherwise. */
    private static final long AGAIN = Duration.ofMinutes(45).toNanos();

    /** What no longer stands is remembered so far that it can be told as the same event. */
    private static final int REMEMBERED = 5_000;

    /**
     * What is known of an event.
     *
     * @param count how often it has been told; 0 if another node did
     */
    record Told(int count, long at, boolean stands) {}

    private final Map<Notice, Told> told = new LinkedHashMap<>();
    private Set<Notice> first = Set.of();

    /** This node begins to tell: others may have told before. */
    void begin() {
        told.clear();
        first = Set.of();
    }

    /**
     * What is to be told now.
     *
     * @param standing all that holds
     * @param takenOver whether another node may have told the same already
     */
    List<Notice> due(Set<Notice> standing, boolean takenOver, long now) {
        if (takenOver) {
            first = Set.copyOf(standing);
        }
        told.replaceAll((notice, one) -> new Told(one.count, one.at, one.stands && standing.contains(notice)));
        List<Notice> due = new ArrayList<>();
        for (Notice notice : standing) {
            Told before = told.get(notice);
            boolean old = before != null && notice.reason().stays() && now - before.at >= AGAIN;
            if (before == null || !before.stands || old) {
                due.add(notice);
            }
        }
        return due;
    }

    /** What is known of an event; null if nothing. */
    @Nullable
    Told known(Notice notice) {
        return told.get(notice);
    }

    /** Whether it stood already when this node began: if there is such an event, there is nothing to add. */
    boolean wasThere(Notice notice) {
        return first.contains(notice) && !told.containsKey(notice);
    }

    /** It has been told. */
    void told(Notice notice, int count, long now) {
        told.remove(notice);
        told.put(notice, new Told(count, now, true));
        if (told.size() > REMEMBERED) {
            told.entrySet().stream()
                    .filter(one -> !one.getValue().stands)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .ifPresent(told::remove);
        }
    }
}
