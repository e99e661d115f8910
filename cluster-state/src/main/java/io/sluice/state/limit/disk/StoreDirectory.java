package io.sluice.state.limit.disk;

import io.sluice.state.limit.TransferRow;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;
import org.lmdbjava.LmdbNativeException;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory {@code limits} and what can be wrong with it. Opens it again and again while it cannot be used, and sets it aside if
 * what is in it is unsound. For one thread, but for {@link #trouble}.
 */
final class StoreDirectory {

    private static final Logger log = LoggerFactory.getLogger(StoreDirectory.class);

    private static final String NAME = "limits";
    private static final String ASIDE = "limits.corrupt-";
    private static final long TRY_AGAIN_MILLIS = 10_000;
    private static final long FORGET_MILLIS = 60_000;
    private static final int FORGET_AT_A_TIME = 20_000;

    /** Bytes; with less a write of LMDB, which is of whole pages, fails. */
    private static final long LEAST_ROOM = 1 << 20;

    private final Path home;
    private final long mostBytes;
    private @Nullable DirectoryLock lock;
    private @Nullable SpendingFile file;
    private long tryAt = Long.MIN_VALUE;
    private long forgetAt = Long.MIN_VALUE;
    private volatile @Nullable String failure;
    /** For the rest of the run: what was counted before is gone. */
    private volatile @Nullable String loss;

    StoreDirectory(Path home, long mostBytes) {
        this.home = home;
        this.mostBytes = mostBytes;
    }

    /** Something to do with the file. */
    interface Use<T> {
        T with(SpendingFile file) throws UnsoundFile;
    }

    /** What is wrong now. Any thread. */
    Optional<String> trouble() {
        String now = failure;
        return Optional.ofNullable(now == null ? loss : now);
    }

    /** Does it if the file is there; empty if that is not so, or it fails. */
    <T> Optional<T> tried(long now, Use<T> use) {
        SpendingFile opened = opened(now);
        if (opened == null) {
            return Optional.empty();
        }
        try {
            T result = use.with(opened);
            works();
            return Optional.of(result);
        } catch (UnsoundFile e) {
            setAside(e.getMessage(), now);
        } catch (LmdbException
                | IllegalArgumentException e) { // the latter for codes of the system that lmdbjava has no name for
            if (isUnsound(e)) {
                setAside(e.getMessage(), now);
            } else {
                fails(reason(e), now);
            }
        }
        return Optional.empty();
    }

    /** Deletes what is over, now and then. */
    void forget(long now) {
        if (now >= forgetAt) {
            forgetAt = now + FORGET_MILLIS;
            long horizon = TransferRow.horizon(now - FORGET_MILLIS);
            boolean more = true;
            while (more) {
                more = tried(now, one -> !one.forget(horizon, FORGET_AT_A_TIME)).orElse(false);
            }
        }
    }

    private @Nullable SpendingFile opened(long now) {
        if (file == null && now >= tryAt) {
            tryAt = now + TRY_AGAIN_MILLIS;
            open(now, true);
        }
        return file;
    }

    private void open(long now, boolean mayReplace) {
        try {
            Files.createDirectories(home);
            if (lock == null) {
                lock = DirectoryLock.take(home.resolve(NAME + ".lock"));
            }
            file = SpendingFile.open(home.resolve(NAME), mostBytes);
        } catch (UnsoundFile e) {
            replace(e.getMessage(), now, mayReplace);
        } catch (LmdbException | IllegalArgumentException e) {
            if (isUnsound(e)) {
                replace(e.getMessage(), now, mayReplace);
            } else {
                fails(reason(e), now);
            }
        } catch (IOException e) {
            fails(reason(e), now);
        } catch (LinkageError e) {
            fails("LMDB cannot be loaded: " + e, now);
            tryAt = Long.MAX_VALUE; // the JVM does not try twice
        }
    }

    private void replace(@Nullable String what, long now, boolean mayReplace) {
        if (mayReplace) {
            setAside(what, now);
        } else {
            fails("unsound: " + what, now);
        }
    }

    /** Whether LMDB says so of the file, or does not know itself any more. */
    private static boolean isUnsound(RuntimeException e) {
        return e instanceof Env.FileInvalidException
                || e instanceof Env.VersionMismatchException
                || e instanceof LmdbNativeException.PageCorruptedException
                || e instanceof LmdbNativeException.PageNotFoundException
                || e instanceof LmdbNativeException.PanicException
                || e instanceof Txn.BadException;
    }

    /** Begins anew; of what was set aside before only the last is kept. */
    private void setAside(@Nullable String what, long now) {
        closeFile();
        Path aside = home.resolve(ASIDE + now);
        try {
            for (Path old : list(home)) {
                if (String.valueOf(old.getFileName()).startsWith(ASIDE)) {
                    delete(old);
                }
            }
            Files.move(home.resolve(NAME), aside);
        } catch (IOException e) {
            fails("unsound: " + what + ", and cannot be set aside: " + reason(e), now);
            return;
        }
        loss = home.resolve(NAME) + ": unsound: " + what + "; set aside as " + aside.getFileName()
                + ", what was spent before is not known";
        log.warn("limits on disk: {}", loss);
        open(now, false);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private String reason(Exception e) {
        if (e instanceof Env.MapFullException) {
            return "it is full: more windows are open than it has room for";
        }
        if (e instanceof LmdbException && isDiskFull()) {
            return "the disk is full"; // LMDB takes a write that was cut short for an error of the device
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is no directory";
        }
        if (e instanceof AccessDeniedException) {
            return e.getMessage() + ": permission denied";
        }
        String message = e.getMessage();
        return message == null || e instanceof FileSystemException ? e.toString() : message;
    }

    private boolean isDiskFull() {
        try {
            return Files.getFileStore(home).getUsableSpace() < LEAST_ROOM;
        } catch (IOException e) {
            return false;
        }
    }

    private void fails(@Nullable String why, long now) {
        closeFile();
        tryAt = now + TRY_AGAIN_MILLIS;
        String all = home.resolve(NAME) + ": " + why;
        if (!all.equals(failure)) {
            failure = all;
            log.warn("limits on disk: {}; long limits do not survive a restart of all nodes until it works again", all);
        }
    }

    private void works() {
        if (failure != null) {
            failure = null;
            log.info("limits on disk: {} works again", home.resolve(NAME));
        }
    }

    private void closeFile() {
        SpendingFile opened = file;
        file = null;
        if (opened != null) {
            opened.close();
        }
    }

    /** Ends the use of the directory. */
    void close() {
        closeFile();
        tryAt = Long.MAX_VALUE;
        DirectoryLock held = lock;
        lock = null;
        try {
            if (held != null) {
                held.close();
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("the lock of limits on disk was not given back");
        }
    }
}
