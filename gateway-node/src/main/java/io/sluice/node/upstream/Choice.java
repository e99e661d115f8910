package io.sluice.node.upstream;

import java.util.concurrent.CompletionStage;

/** What came of looking for a place to send a request to. */
public sealed interface Choice permits Endpoint, Choice.NoPeer, Choice.Unresolved, Choice.Resolving {

    /** No peer can be used. */
    enum NoPeer implements Choice {
        INSTANCE
    }

    /** No host name has an address. */
    enum Unresolved implements Choice {
        INSTANCE
    }

    /** Names are being looked up; ask again when the stage completes (on any thread, never with an error). */
    record Resolving(CompletionStage<?> done) implements Choice {}
}
