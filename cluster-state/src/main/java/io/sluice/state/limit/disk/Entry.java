package io.sluice.state.limit.disk;

import io.sluice.state.limit.TransferRow;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A row as it is on disk. Keys sort by generation, so that what is over lies at the begin, then by window and cluster, so that what
 * is summed up lies together. The value has a checksum: LMDB has none.
 *
 * @param cluster which cluster's row it is: counts of different clusters tell of the same tokens
 */
record Entry(long cluster, TransferRow row) {

    private static final int KEY_BYTES = 8 + 16 + 8 + 1 + 8 + 4 + 1 + 8;
    private static final int VALUE_BYTES = 8 + 4;
    private static final int PAST = 1;

    /** Where it is: all of the row but the count. */
    byte[] key() {
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(row.generation())
                .putLong(row.rule().getMostSignificantBits())
                .putLong(row.rule().getLeastSignificantBits())
                .putLong(row.hash())
                .put((byte) row.slot())
                .putLong(cluster)
                .putInt(row.era())
                .put((byte) (row.recipient() == TransferRow.PAST ? PAST : 0))
                .putLong(row.donor())
                .array();
    }

    /** What it says: the count. */
    byte[] value() {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES).putLong(row.free());
        return value.putInt(checksum(key(), row.free())).array();
    }

    static long generation(byte[] key) throws UnsoundFile {
        if (key.length != KEY_BYTES) {
            throw new UnsoundFile("a key of " + key.length + " bytes (expected: " + KEY_BYTES + ")");
        }
        return ByteBuffer.wrap(key).getLong();
    }

    static Entry of(byte[] key, byte[] value) throws UnsoundFile {
        generation(key);
        if (value.length != VALUE_BYTES) {
            throw new UnsoundFile("a value of " + value.length + " bytes (expected: " + VALUE_BYTES + ")");
        }
        ByteBuffer counts = ByteBuffer.wrap(value);
        long free = counts.getLong();
        if (counts.getInt() != checksum(key, free)) {
            throw new UnsoundFile("an entry with a wrong checksum");
        }
        ByteBuffer place = ByteBuffer.wrap(key);
        long generation = place.getLong();
        UUID rule = new UUID(place.getLong(), place.getLong());
        long hash = place.getLong();
        int slot = place.get();
        long cluster = place.getLong();
        int era = place.getInt();
        long recipient = place.get() == PAST ? TransferRow.PAST : TransferRow.SPENT;
        return new Entry(
                cluster, new TransferRow(rule, hash, slot, generation, era, place.getLong(), recipient, free, 0, 0));
    }

    private static int checksum(byte[] key, long free) {
        CRC32C sum = new CRC32C();
        sum.update(key);
        sum.update(ByteBuffer.allocate(8).putLong(free).flip());
        return (int) sum.getValue();
    }
}
