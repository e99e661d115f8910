package io.sluice.node.plugin;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log file that never makes its callers wait: lines go through a bounded queue to a thread of their own, which appends what
 * has gathered in one write. If the disk is slower than the lines come, lines are dropped and counted. Thread-safe.
 */
public final class LineFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LineFile.class);
    private static final int MOST_LINES = 16_384;
    private static final int MOST_BYTES_AT_ONCE = 1 << 16;
    private static final long GATHER_NANOS = 10_000_000;
    private static final long CHECK_NANOS = 1_000_000_000;
    private static final long CLOSE_MILLIS = 5_000;

    private final Path path;
    private final boolean follow;
    private final ConcurrentLinkedQueue<byte[]> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private final byte[] batch = new byte[MOST_BYTES_AT_ONCE];

    private volatile boolean idle;
    private volatile boolean closed;

    // Of the writer's thread only, once it runs.
    private OutputStream out;
    private @Nullable Object openFile;
    private long checkedAt;
    private boolean failing;

    /**
     * Opens the file for appending, making it if it is not there.
     *
     * @param path {@code /dev/stdout} and {@code /dev/stderr} are this process's own
     * @param follow whether to look once a second if the file was moved away or removed, and then open it anew
     * @throws IOException if it cannot be opened
     */
    public LineFile(Path path, boolean follow) throws IOException {
        this.path = path;
        this.follow = follow && !standard(path);
        this.out = open(path);
        this.openFile = fileKey(path);
        this.writer = new Thread(this::run, "lines of " + path);
        writer.setDaemon(true);
        writer.start();
    }

    /**
     * Hands over a line, its end included; does not block.
     *
     * @param line not to be changed afterwards
     * @return whether it was taken; false if it was dropped
     */
    public boolean offer(byte[] line) {
        if (queued.get() >= MOST_LINES || closed) {
            dropped.incrementAndGet();
            return false;
        }
        queued.incrementAndGet();
        queue.add(line);
        if (idle) {
            idle = false;
            LockSupport.unpark(writer);
        }
        return true;
    }

    /** How many lines were lost so far. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what is queued (waiting at most a few seconds for it) and closes the file. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        checkedAt = System.nanoTime();
        while (!closed || !queue.isEmpty()) {
            awaitLines();
            followFile();
            writeGathered();
        }
        closeFile();
    }

    private void awaitLines() {
        while (queue.isEmpty() && !closed) {
            idle = true;
            if (queue.isEmpty() && !closed) {
                LockSupport.park(this);
            }
            idle = false;
        }
        if (!closed) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    private void writeGathered() {
        int size = 0;
        int lines = 0;
        for (byte[] line = queue.poll(); line != null; line = queue.poll()) {
            queued.decrementAndGet();
            if (size + line.length > batch.length) {
                write(batch, size, lines);
                size = 0;
                lines = 0;
            }
            if (line.length > batch.length) {
                write(line, line.length, 1);
            } else {
                System.arraycopy(line, 0, batch, size, line.length);
                size += line.length;
                lines++;
            }
        }
        write(batch, size, lines);
    }

    private void write(byte[] bytes, int length, int lines) {
        if (length == 0) {
            return;
        }
        try {
            out.write(bytes, 0, length);
            out.flush();
            failing = false;
        } catch (IOException e) {
            dropped.addAndGet(lines);
            fail(e);
        }
    }

    private void followFile() {
        long now = System.nanoTime();
        if (!follow || now - checkedAt < CHECK_NANOS && openFile != null) {
            return;
        }
        checkedAt = now;
        Object there = fileKey(path);
        if (there == null || !Objects.equals(there, openFile)) {
            reopen();
        }
    }

    private void reopen() {
        try {
            OutputStream next = open(path);
            closeFile();
            out = next;
            openFile = fileKey(path);
        } catch (IOException e) {
            fail(e);
        }
    }

    private void closeFile() {
        if (standard(path)) {
            return;
        }
        try {
            out.close();
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Says it once until it works again. */
    private void fail(IOException e) {
        if (!failing) {
            failing = true;
            LOG.atWarn().addKeyValue("file", path).addKeyValue("reason", e).log("cannot write log lines");
        }
    }

    private static OutputStream open(Path path) throws IOException {
        if (standard(path)) {
            return new FileOutputStream(path.endsWith("stdout") ? FileDescriptor.out : FileDescriptor.err);
        }
        return new FileOutputStream(path.toFile(), true);
    }

    private static boolean standard(Path path) {
        String name = path.toString();
        return name.equals("/dev/stdout") || name.equals("/dev/stderr");
    }

    /** What tells a file from another of the same name; null if there is none. */
    private static @Nullable Object fileKey(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
