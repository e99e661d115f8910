package io.sluice.node.plugins.correlationid;

import io.sluice.node.plugin.ClientRequest;
import io.sluice.state.model.IpText;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Makes ids that no other request has. Thread-safe. */
interface IdGenerator {

    String next(ClientRequest request);

    /** The generator of a configuration word. */
    static IdGenerator of(String word, InstantSource clock) {
        return switch (word) {
            case "uuid" -> request -> randomUuid().toString();
            case "uuid#counter" -> counting(randomUuid());
            case "tracker" -> tracker(clock);
            default ->
                throw new IllegalArgumentException(
                        "generator: '" + word + "' (expected: uuid, uuid#counter or tracker)");
        };
    }

    /** One uuid, then a running number. */
    private static IdGenerator counting(UUID uuid) {
        String prefix = uuid + "#";
        AtomicLong counter = new AtomicLong();
        return request -> prefix + counter.incrementAndGet();
    }

    /**
     * {@code address-port-process-connection-requests-time}, as Kong orders them. The address is the peer's and the connection
     * its port, which together name the connection; requests are counted per plugin, time is in seconds.
     */
    private static IdGenerator tracker(InstantSource clock) {
        long process = ProcessHandle.current().pid();
        AtomicLong counter = new AtomicLong();
        return request -> {
            long millis = clock.millis();
            long thousandths = millis % 1000;
            String padding = thousandths < 10 ? "00" : thousandths < 100 ? "0" : "";
            return IpText.of(request.peerAddress().getAddress()) + "-" + request.port() + "-" + process + "-"
                    + request.peerPort() + "-" + counter.incrementAndGet() + "-" + millis / 1000 + "." + padding
                    + thousandths;
        };
    }

    /** A version 4 uuid; an id need not be unguessable, and the secure generator takes a lock. */
    private static UUID randomUuid() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
        long low = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
