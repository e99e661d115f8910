package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.IntSupplier;

/** Sends bytes to a gateway in pieces that it reads one by one: each is sent only when the one before has been read. */
final class Dribble {

    private Dribble() {}

    /**
     * @param size the length of the next piece
     */
    static void send(TestGateway gateway, RawClient client, byte[] bytes, IntSupplier size) {
        long read = bytesRead(gateway);
        int from = 0;
        while (from < bytes.length) {
            int to = Math.min(bytes.length, from + size.getAsInt());
            client.send(Arrays.copyOfRange(bytes, from, to));
            read += to - from;
            awaitRead(gateway, read);
            from = to;
        }
    }

    private static void awaitRead(TestGateway gateway, long bytes) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (bytesRead(gateway) < bytes) {
            assertThat(System.nanoTime()).as("time to read").isLessThan(deadline);
            Thread.yield();
        }
    }

    private static long bytesRead(TestGateway gateway) {
        return gateway.group().loops().stream()
                .mapToLong(loop -> loop.counters().bytesIn())
                .sum();
    }
}
