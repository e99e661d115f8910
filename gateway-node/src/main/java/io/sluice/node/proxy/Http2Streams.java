package io.sluice.node.proxy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open streams of a connection, and a few closed ones whose objects the next streams use. At most a hundred or so. */
final class Http2Streams {

    private static final int KEPT = 16;

    private Http2Stream[] open = new Http2Stream[4];
    private int count;
    private final Http2Stream[] idle = new Http2Stream[KEPT];
    private int idleCount;

    int count() {
        return count;
    }

    /** The open stream at a position from 0 to {@link #count}. */
    Http2Stream at(int position) {
        return open[position];
    }

    @Nullable
    Http2Stream find(int id) {
        for (int i = count - 1; i >= 0; i--) {
            if (open[i].id() == id) {
                return open[i];
            }
        }
        return null;
    }

    /** Whether any of them waits for the client. */
    boolean stalled() {
        for (int i = 0; i < count; i++) {
            if (open[i].output().stalled()) {
                return true;
            }
        }
        return false;
    }

    /** Those that have waited for the client since before that moment. */
    List<Http2Stream> stalledBefore(long moment) {
        List<Http2Stream> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (open[i].output().stalledBefore(moment)) {
                found.add(open[i]);
            }
        }
        return found;
    }

    void add(Http2Stream stream) {
        if (count == open.length) {
            open = Arrays.copyOf(open, 2 * count);
        }
        open[count++] = stream;
    }

    /** Takes a stream out; the last one moves to its place. */
    @SuppressWarnings("NullAway") // places behind the last stream are never read
    void remove(Http2Stream stream) {
        for (int i = count - 1; i >= 0; i--) {
            if (open[i] == stream) {
                open[i] = open[--count];
                open[count] = null;
                return;
            }
        }
    }

    /** Keeps a closed stream that can serve again; gives false if there are enough. */
    boolean keep(Http2Stream stream) {
        if (idleCount == KEPT) {
            return false;
        }
        idle[idleCount++] = stream;
        return true;
    }

    /** Forgets the closed ones that were kept. */
    void trim() {
        Arrays.fill(idle, null);
        idleCount = 0;
    }

    /** A kept stream; null if there is none. */
    @Nullable
    Http2Stream reuse() {
        return idleCount == 0 ? null : idle[--idleCount];
    }
}
