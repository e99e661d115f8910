package io.sluice.node.plugin;

import org.apache.pekko.util.ByteString;

/** Rewrites a body as it passes; one instance per body, called on one thread. The body's length is announced as unknown. */
public interface BodyFilter {

    /** What to send instead of this piece; empty to send nothing yet. Keep what is held back bounded. */
    ByteString onChunk(ByteString chunk);

    /** What to send at the end. */
    ByteString onEnd();

    /**
     * What to send at the end of a body that was followed by trailers; they are sent as well if the client can take them.
     *
     * @param trailers valid during the call only
     */
    default ByteString onEnd(Headers trailers) {
        return onEnd();
    }
}
