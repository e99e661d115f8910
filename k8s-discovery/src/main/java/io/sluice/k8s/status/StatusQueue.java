package io.sluice.k8s.status;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The statuses that are still to be written. What this node has written counts as present until the watches know of it; what the
 * server does not take is left alone for a while. Times are nanoseconds of one clock. Not thread-safe.
 */
final class StatusQueue {

    private static final long KIND_PAUSE = Duration.ofSeconds(60).toNanos();
    private static final long OBJECT_PAUSE = Duration.ofMinutes(5).toNanos();

    /** What a status was when it was written, by the version that the watches knew then, and what it is since. */
    private record Written(String known, PresentStatus after) {}

    /** Until when not to write; sooner if the object has another version. */
    private record Parked(String version, long until) {}

    private final Function<ObjectRef, Optional<PresentStatus>> watched;
    private final Map<ObjectRef, Written> written = new HashMap<>();
    private final Map<ObjectRef, Parked> parked = new HashMap<>();
    private final Map<String, Long> parkedKinds = new HashMap<>();
    private final Deque<Decoded> queue = new ArrayDeque<>();
    private boolean waits;

    StatusQueue(Function<ObjectRef, Optional<PresentStatus>> watched) {
        this.watched = watched;
    }

    /** Nothing is to be written any more. */
    void clear() {
        queue.clear();
        written.clear();
        parked.clear();
        parkedKinds.clear();
        waits = false;
    }

    /** What a review wants to be written, and nothing else. */
    void fill(Review review, long now) {
        queue.clear();
        waits = false;
        parked.values().removeIf(one -> one.until - now <= 0);
        parkedKinds.values().removeIf(until -> until - now <= 0);
        for (Decoded object : review.subjects()) {
            ObjectRef ref = object.metadata().ref();
            Optional<PresentStatus> present = present(ref);
            if (present.isPresent() && !isParked(ref, present.get())) {
                waits |= review.waits(object);
                if (review.patch(object, present.get()).isPresent()) {
                    queue.add(object);
                }
            }
        }
        written.keySet().removeIf(ref -> watched.apply(ref).isEmpty());
    }

    /** Whether more is to be said in a moment, also if nothing changes. */
    boolean waits() {
        return waits;
    }

    /** Somebody else keeps writing to an object: the next review, half a second after this one, comes back to it. */
    void comeBack() {
        waits = true;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Takes the next one out; only if there is one. */
    Decoded take() {
        return queue.remove();
    }

    /** Puts one back in front. */
    void putBack(Decoded object) {
        queue.addFirst(object);
    }

    /** The status of an object, as far as this node knows. */
    Optional<PresentStatus> present(ObjectRef ref) {
        Optional<PresentStatus> known = watched.apply(ref);
        Written mine = written.get(ref);
        if (mine != null && known.isPresent() && known.get().version().equals(mine.known)) {
            return Optional.of(mine.after);
        }
        written.remove(ref);
        return known;
    }

    /** The status of an object is this by now, whatever the watches say. */
    void wrote(ObjectRef ref, PresentStatus after) {
        watched.apply(ref).ifPresent(known -> written.put(ref, new Written(known.version(), after)));
    }

    private boolean isParked(ObjectRef ref, PresentStatus present) {
        Parked one = parked.get(ref);
        return parkedKinds.containsKey(ref.kind()) || one != null && one.version.equals(present.version());
    }

    /** The object is not there, or the server does not take its status. */
    void park(ObjectRef ref, String version, long now) {
        parked.put(ref, new Parked(version, now + OBJECT_PAUSE));
    }

    /** Nothing of the kind may be written. */
    void park(WatchedKind kind, long now) {
        parkedKinds.put(kind.kind(), now + KIND_PAUSE);
        queue.removeIf(object -> object.metadata().kind().equals(kind.kind()));
    }
}
