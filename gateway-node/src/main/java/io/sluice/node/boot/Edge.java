package io.sluice.node.boot;

import java.util.concurrent.CompletionStage;

/** Something of a node that listens for traffic. */
interface Edge {

    /** Takes no more connections; done when the running requests have ended. */
    CompletionStage<?> drain();

    /** Ends the requests that still run, each with its line in the log; the drain is then soon done. */
    void cutOff();

    /** Lets go of the rest, drained or not; may block for seconds, so call it off the event loops. */
    void close();
}
