package io.sluice.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private static Thread threadOf(Agenda agenda) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        agenda.add(() -> thread.complete(Thread.currentThread()));
        return thread.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Test
    void leavesNoThreadBehindAndDropsWhatComesLater() throws Exception {
        Agenda agenda = Agenda.thread();
        Thread thread = threadOf(agenda);
        agenda.add(LONG, () -> {});

        agenda.close();
        agenda.add(() -> {});
        agenda.add(LONG, () -> {});
        thread.join(LONG.toMillis());
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void goesOnAfterATaskThatFails() {
        Agenda agenda = Agenda.thread();
        agenda.add(() -> {
            throw new IllegalStateException("for the test");
        });

        assertThat(threadOf(agenda).isAlive()).isTrue();
        agenda.close();
    }
}
