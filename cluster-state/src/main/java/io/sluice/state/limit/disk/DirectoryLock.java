package io.sluice.state.limit.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps other nodes off a directory; gone with the process, however that ends. */
final class DirectoryLock implements AutoCloseable {

    private final FileChannel file;

    private DirectoryLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes it.
     *
     * @throws IOException if it is taken, or the file cannot be made
     */
    static DirectoryLock take(Path file) throws IOException {
        FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (tryLock(opened) != null) {
                return new DirectoryLock(opened);
            }
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        opened.close();
        throw new IOException("another node uses it (expected: a data directory for each node)");
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // by this very process
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
