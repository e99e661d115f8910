package io.sluice.state.limit.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * The entries in LMDB. Every change is on disk when its method returns. For one thread, and one process: whoever opens it holds
 * {@link DirectoryLock}, so LMDB's own locks are off. Byte arrays and no mapped buffers, which would need openings into the JDK.
 */
final class SpendingFile implements AutoCloseable {

    /** What the entries look like; others are not read. */
    static final String FORMAT = "1";

    /** Some ten million entries. */
    static final long MOST_BYTES = 1L << 30;

    private static final byte[] FORMAT_KEY = "format".getBytes(UTF_8);

    private final Env<byte[]> env;
    private final Dbi<byte[]> spent;

    private SpendingFile(Env<byte[]> env, Dbi<byte[]> spent) {
        this.env = env;
        this.spent = spent;
    }

    /**
     * Opens what is in a directory, or makes it.
     *
     * @throws UnsoundFile if there is something else
     * @throws IOException if the directory cannot be used
     * @throws LmdbException if LMDB cannot open it
     */
    static SpendingFile open(Path directory, long mostBytes) throws UnsoundFile, IOException {
        Files.createDirectories(directory);
        PageCheck.check(directory.resolve("data.mdb"));
        Env<byte[]> env = Env.create(ByteArrayProxy.PROXY_BA)
                .setMapSize(mostBytes)
                .setMaxDbs(2)
                .open(directory.toFile(), EnvFlags.MDB_NOLOCK);
        try {
            checkFormat(env);
            return new SpendingFile(env, env.openDbi("spent", DbiFlags.MDB_CREATE));
        } catch (UnsoundFile | RuntimeException e) {
            env.close();
            throw e;
        }
    }

    private static void checkFormat(Env<byte[]> env) throws UnsoundFile {
        Dbi<byte[]> about = env.openDbi("sluice", DbiFlags.MDB_CREATE);
        try (Txn<byte[]> txn = env.txnWrite()) {
            byte[] known = about.get(txn, FORMAT_KEY);
            if (known == null) {
                about.put(txn, FORMAT_KEY, FORMAT.getBytes(UTF_8));
                txn.commit();
            } else if (!new String(known, UTF_8).equals(FORMAT)) {
                throw new UnsoundFile("format " + new String(known, UTF_8) + " (expected: " + FORMAT + ")");
            }
        }
    }

    /** Writes those entries that say more than what is there, all or none. */
    void write(List<Entry> entries) throws UnsoundFile {
        try (Txn<byte[]> txn = env.txnWrite()) {
            for (Entry entry : entries) {
                byte[] key = entry.key();
                byte[] known = spent.get(txn, key);
                if (known == null
                        || Entry.of(key, known).row().free() < entry.row().free()) {
                    spent.put(txn, key, entry.value());
                }
            }
            txn.commit();
        }
    }

    /** What has been spent in windows of a generation and later ones. */
    List<Spent> load(long horizon) throws UnsoundFile {
        Sums sums = new Sums();
        try (Txn<byte[]> txn = env.txnRead();
                Cursor<byte[]> cursor = spent.openCursor(txn)) {
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                if (Entry.generation(cursor.key()) >= horizon) {
                    sums.add(Entry.of(cursor.key(), cursor.val()));
                }
            }
        }
        return sums.all();
    }

    /** Deletes entries of earlier generations, some of them; false if there may be more. */
    boolean forget(long horizon, int most) throws UnsoundFile {
        try (Txn<byte[]> txn = env.txnWrite()) {
            int count = 0;
            try (Cursor<byte[]> cursor = spent.openCursor(txn)) {
                while (count < most && cursor.first() && Entry.generation(cursor.key()) < horizon) {
                    cursor.delete();
                    count++;
                }
            }
            if (count > 0) {
                txn.commit();
            }
            return count < most;
        }
    }

    /** How many entries there are. */
    long size() {
        try (Txn<byte[]> txn = env.txnRead()) {
            return spent.stat(txn).entries;
        }
    }

    @Override
    public void close() {
        env.close();
    }
}
