package io.sluice.state.limit.disk;

import static io.sluice.state.limit.disk.StoreFixture.TODAY;
import static io.sluice.state.limit.disk.StoreFixture.many;
import static io.sluice.state.limit.disk.StoreFixture.open;
import static io.sluice.state.limit.disk.StoreFixture.reopened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that LMDB must not be given: it would end the process. */
class PageCheckTest {

    private static final int PAGE = 4_096;

    @TempDir
    Path home;

    private Path data;

    @BeforeEach
    void writeMuchAndForgetSome() throws Exception {
        try (SpendingFile file = SpendingFile.open(home.resolve("limits"), SpendingFile.MOST_BYTES)) {
            for (int round = 0; round < 4; round++) {
                long generation = TODAY - 2 + round;
                file.write(many(8_000).stream()
                        .map(row -> new Entry(10, StoreFixture.of(generation, row)))
                        .toList());
            }
            while (!file.forget(TODAY - 1, 500)) {
                assertThat(file.size()).isPositive();
            }
        }
        data = home.resolve("limits/data.mdb");
    }

    @Test
    void aSoundFileIsFoundSoundWithItsFreePages() throws Exception {
        PageCheck.check(data);

        try (SpendingStore store = open(home, 11)) {
            assertThat(StoreFixture.load(store)).hasSize(24_000);
            assertThat(store.degraded()).isEmpty();
        }
    }

    @Test
    void noFileAndAnEmptyOneAreSound() throws Exception {
        PageCheck.check(home.resolve("none"));
        PageCheck.check(Files.createFile(home.resolve("empty")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 5_000, 40_960, 400_000, 1_000_000})
    void aFileThatWasCutOffIsSetAside(long size) throws Exception {
        try (FileChannel file = FileChannel.open(data, StandardOpenOption.WRITE)) {
            file.truncate(size);
        }

        assertThatThrownBy(() -> PageCheck.check(data)).isInstanceOf(UnsoundFile.class);
        assertThat(reopened(home)).isEmpty();
    }

    @Test
    void randomDamageNeverEndsTheProcess() throws Exception {
        Random random = new Random(7);
        byte[] sound = Files.readAllBytes(data);
        int found = 0;
        for (int i = 0; i < 60; i++) {
            byte[] damaged = sound.clone();
            byte[] noise = new byte[1 + random.nextInt(i % 2 == 0 ? 8 : PAGE)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, damaged, random.nextInt(damaged.length - noise.length), noise.length);
            Files.createDirectories(data.getParent());
            Files.write(data, damaged);
            try (SpendingStore store = open(home, 11)) {
                StoreFixture.load(store);
                store.note(many(200));
                store.close();
                found += store.degraded().isPresent() ? 1 : 0;
            }
        }

        assertThat(found).isGreaterThan(20);
    }

    @Test
    void aPageThatPointsToItselfIsFound() throws Exception {
        try (FileChannel file = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(PAGE * 2).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            file.read(head, 0);
            int newer = head.getLong(144) > head.getLong(PAGE + 144) ? 0 : PAGE;
            head.putLong(newer + 80, head.getLong(newer + 128)); // free pages' tree is the main one
            file.write(head.rewind(), 0);
        }

        assertThatThrownBy(() -> PageCheck.check(data))
                .isInstanceOf(UnsoundFile.class)
                .hasMessageContaining("used twice");
    }
}
