package io.sluice.node.admin;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers one method of an endpoint. Runs on a dispatcher of the actor system; does not block. */
interface Handler {

    /** The answer; a failed stage is a bug and becomes a 500. */
    CompletionStage<Answer> handle(Call call);

    /** A handler that knows its answer at once. */
    static Handler now(Function<Call, Answer> answer) {
        return call -> answer.apply(call).now();
    }
}
