package io.sluice.node.dns;

import java.util.concurrent.CompletionStage;

/** How a name is looked up, once and without memory. */
@FunctionalInterface
public interface NameLookup {

    /** Begins to look a name up and returns at once; the stage completes in bounded time, on any thread, without an error. */
    CompletionStage<Answer> look(String name);
}
