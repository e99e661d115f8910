package io.sluice.node.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Look-ups that are answered when the test says so; counted. */
public final class Names implements NameLookup {

    private final Map<String, Queue<CompletableFuture<Answer>>> pending = new HashMap<>();
    private int asked;

    @Override
    public CompletionStage<Answer> look(String name) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        pending.computeIfAbsent(name, key -> new ArrayDeque<>()).add(answer);
        asked++;
        return answer;
    }

    /** Look-ups begun so far. */
    public int asked() {
        return asked;
    }

    /** Answers the oldest look-up of the name. */
    public void answer(String name, Answer answer) {
        pending.get(name).remove().complete(answer);
    }

    /** The name has these addresses for a minute. */
    public static Answer found(String... addresses) {
        return foundFor(Duration.ofMinutes(1), addresses);
    }

    public static Answer foundFor(Duration valid, String... addresses) {
        return new Answer.Found(
                Arrays.stream(addresses)
                        .map(address -> ResolvedAddress.of(address(address)))
                        .toList(),
                valid);
    }

    public static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
