package io.sluice.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAgainTest {

    private static final long NEXT = ReadAgain.VALID_NANOS;

    @TempDir
    private Path folder;

    @Test
    void readsAFileAgainWhenItHasChangedButNotAllTheTime() throws Exception {
        Path file = folder.resolve("file");
        ReadAgain<String> text = new ReadAgain<>(file, "nothing", read -> read);
        assertThat(text.value(0)).isEqualTo("nothing");

        Files.writeString(file, "one");
        assertThat(text.value(NEXT - 1)).isEqualTo("nothing");
        assertThat(text.value(NEXT)).isEqualTo("one");
        Files.writeString(file, "other");
        assertThat(text.value(2 * NEXT)).isEqualTo("other");
        Files.delete(file);
        assertThat(text.value(3 * NEXT)).isEqualTo("nothing");
    }

    @Test
    void keepsWhatItReadOfAFileThatCannotBeReadAnyMore() throws Exception {
        Path file = folder.resolve("file");
        Files.writeString(file, "one");
        ReadAgain<String> text = new ReadAgain<>(file, "nothing", read -> read);
        assertThat(text.value(0)).isEqualTo("one");

        Files.delete(file);
        Files.createDirectory(file);
        assertThat(text.value(NEXT)).isEqualTo("one");
    }
}
