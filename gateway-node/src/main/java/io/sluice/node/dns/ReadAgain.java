package io.sluice.node.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a small file says, read again when it has changed; looked at every few seconds at most. A file that is not there says
 * nothing, one that cannot be read or is too large says what it said before. One thread.
 */
final class ReadAgain<T> {

    /** How long what was read counts, in nanoseconds. */
    static final long VALID_NANOS = 5_000_000_000L;

    private static final long MOST_BYTES = 16 << 20;

    private final Path path;
    private final T nothing;
    private final Function<String, T> parse;
    private T value;
    private @Nullable FileTime written;
    private long size = -1;
    private boolean looked;
    private long lookedAt;

    ReadAgain(Path path, T nothing, Function<String, T> parse) {
        this.path = path;
        this.nothing = nothing;
        this.parse = parse;
        this.value = nothing;
    }

    /**
     * What the file says.
     *
     * @param now as {@link System#nanoTime}
     */
    T value(long now) {
        if (!looked || now - lookedAt >= VALID_NANOS) {
            looked = true;
            lookedAt = now;
            read();
        }
        return value;
    }

    private void read() {
        try {
            if (!Files.exists(path)) {
                value = nothing;
                size = -1;
                return;
            }
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            boolean same = now.size() == size && now.lastModifiedTime().equals(written);
            if (!same && now.size() <= MOST_BYTES) {
                size = now.size();
                written = now.lastModifiedTime();
                value = parse.apply(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            size = -1; // once more next time
        }
    }
}
