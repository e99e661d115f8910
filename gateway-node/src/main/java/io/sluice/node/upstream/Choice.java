package io.sluice.node.upstream;

import java.util.concurrent.CompletionStage;

/** What came of looking for a place to send a request to. */
public sealed interface Choice permits Endpoint, Choice.NoPeer, Choice.Unresolved, Choice.Resolving {

    /** No target can be used. */
    enum NoPeer implements Choice {
        INSTANCE
    }

    /** The host name has no address. */
    enum Unresolved implements Choice {
        INSTANCE
    }

    /** The name is being looked up; ask again when the stage completes (on any thread, never with an error). */
    record Resolving(CompletionStage<?> done) implements Choice {}
}
