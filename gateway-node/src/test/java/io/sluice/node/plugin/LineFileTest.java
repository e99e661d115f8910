package io.sluice.node.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {
    @TempDir
    private Path folder;

    @Test
    void appendsLinesInOrder() throws IOException {
        var path = folder.resolve("log");
        Files.writeString(path, "before\n");

        try (var file = new LineFile(path, true)) {
            file.offer(bytes("one\n"));
            file.offer(bytes("two\n"));
        }

        assertThat(path).content().isEqualTo("before\none\ntwo\n");
    }

    @Test
    void opensAnewAfterTheFileWasMovedAway() throws IOException {
        var path = folder.resolve("log");
        var moved = folder.resolve("log.1");

        try (var file = new LineFile(path, true)) {
            file.offer(bytes("old\n"));
            await().until(() -> Files.size(path) == 4);
            Files.move(path, moved);
            await().untilAsserted(() -> {
                file.offer(bytes("new\n"));
                assertThat(path).exists().isNotEmptyFile();
            });
        }

        assertThat(moved).content().startsWith("old\n");
        assertThat(path).content().startsWith("new\n");
    }

    @Test
    void staysWithTheMovedFileUnlessAskedToFollow() throws IOException {
        var path = folder.resolve("log");
        var moved = folder.resolve("log.1");

        try (var file = new LineFile(path, false)) {
            Files.move(path, moved);
            file.offer(bytes("line\n"));
        }

        assertThat(moved).content().isEqualTo("line\n");
        assertThat(path).doesNotExist();
    }

    @Test
    void losesNothingThatItTookAndCountsWhatItDid() throws Exception {
        var path = folder.resolve("log");
        int threads = 4;
        int each = 50_000;
        var taken = new AtomicInteger();
        long dropped;

        try (var file = new LineFile(path, true)) {
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                var writer = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        taken.addAndGet(file.offer(bytes("0123456789012345678901234567890123456789\n")) ? 1 : 0);
                    }
                });
                writers.add(writer);
                writer.start();
            }
            for (var writer : writers) {
                writer.join();
            }
            dropped = file.dropped();
        }

        assertThat(taken.get() + dropped).isEqualTo((long) threads * each);
        try (var lines = Files.lines(path)) {
            assertThat(lines.count()).isEqualTo(taken.get());
        }
    }

    @Test
    void dropsAndCountsLinesAfterItsEnd() throws IOException {
        var file = new LineFile(folder.resolve("log"), true);
        file.close();

        assertThat(file.offer(bytes("late\n"))).isFalse();
        assertThat(file.dropped()).isEqualTo(1);
    }

    @Test
    void takesLinesLongerThanItsBuffer() throws IOException {
        var path = folder.resolve("log");
        var longLine = "x".repeat(200_000) + "\n";

        try (var file = new LineFile(path, true)) {
            file.offer(bytes("a\n"));
            file.offer(bytes(longLine));
            file.offer(bytes("b\n"));
        }

        assertThat(path).content().isEqualTo("a\n" + longLine + "b\n");
    }

    @Test
    void refusesAFileThatCannotBeOpened() {
        assertThatThrownBy(() -> new LineFile(folder.resolve("no/such/log"), true))
                .isInstanceOf(IOException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
