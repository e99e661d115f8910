package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostResolverTest {

    @Test
    void whoWaitsForASlowLookUpIsLetGoAndItsAnswerIsStillTaken() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        ExecutorService threads = HostResolver.threads();
        try {
            HostResolver resolver = new HostResolver(
                    name -> {
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return List.of(InetAddress.getLoopbackAddress());
                    },
                    threads,
                    System::nanoTime,
                    Duration.ofMillis(20));

            HostResolver.Entry entry = resolver.entry("slow.example");
            entry.running().get(10, TimeUnit.SECONDS);
            assertThat(entry.addresses()).isEmpty();

            answer.countDown();
            await().until(() -> !entry.addresses().isEmpty());
        } finally {
            threads.shutdownNow();
        }
    }
}
