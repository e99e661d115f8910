package io.sluice.k8s.status;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Tells by events, one request at a time. What is told again is counted in the event that there is. Not thread-safe. */
final class EventWriter {

    private final StatusRequests requests;
    private final InstantSource clock;
    private final EventBook book = new EventBook();
    private final Deque<Notice> queue = new ArrayDeque<>();
    private boolean takenOver;

    EventWriter(StatusRequests requests, InstantSource clock) {
        this.requests = requests;
        this.clock = clock;
    }

    /** This node has begun to write. */
    void begin() {
        book.begin();
        queue.clear();
        takenOver = true;
    }

    /** All that is to be told as long as it holds. */
    void standing(Set<Notice> notices, long nanos) {
        List<Notice> due = book.due(notices, takenOver, nanos);
        takenOver = false;
        queue.clear();
        queue.addAll(due);
    }

    boolean isIdle() {
        return queue.isEmpty();
    }

    /** What is told next; only if it is not idle. */
    Notice next() {
        return queue.element();
    }

    /** Leaves out what is next. */
    void skip() {
        queue.remove();
    }

    /**
     * Tells what is next.
     *
     * @throws KubernetesClientException if it could not be told; it is still next then
     */
    void write(long nanos) {
        Notice notice = queue.element();
        EventBook.Told known = book.known(notice);
        int count = known == null ? create(notice) : repeat(notice, known.count());
        book.told(notice, count, nanos);
        queue.remove();
    }

    /** Its count afterwards. */
    private int create(Notice notice) {
        try {
            requests.create(notice, clock.instant());
            return 1;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            if (!book.wasThere(notice)) {
                requests.repeat(notice, 0, clock.instant());
            }
            return 0;
        }
    }

    private int repeat(Notice notice, int before) {
        int count = before == 0 ? 0 : before + 1;
        try {
            requests.repeat(notice, count, clock.instant());
            return count;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            requests.create(notice, clock.instant());
            return 1;
        }
    }
}
