package io.sluice.node.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Look-ups by the system's resolver, which blocks and tells nothing of how long its answers hold: ten seconds. */
public final class SystemLookup implements NameLookup {

    private static final Duration VALID = Duration.ofSeconds(10);

    private final Executor executor;

    /** @param executor where look-ups may block */
    public SystemLookup(Executor executor) {
        this.executor = executor;
    }

    @Override
    public CompletionStage<Answer> look(String name) {
        return CompletableFuture.supplyAsync(() -> answer(name), executor);
    }

    private static Answer answer(String name) {
        try {
            return new Answer.Found(
                    Arrays.stream(InetAddress.getAllByName(name))
                            .map(ResolvedAddress::of)
                            .toList(),
                    VALID);
        } catch (UnknownHostException e) {
            return new Answer.Failed("unknown to the system");
        }
    }
}
