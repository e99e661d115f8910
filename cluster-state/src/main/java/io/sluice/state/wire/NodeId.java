package io.sluice.state.wire;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.Address;

/** Identity of one run of a node, the same for everybody who knows its address and uid. A restarted node is another one. */
public final class NodeId {

    private NodeId() {}

    /**
     * The id, never 0 or 1: rows of limits give those two a meaning of their own.
     *
     * @param address Artery's, with host and port
     * @param uid the actor system's, new at each start
     */
    public static long of(Address address, long uid) {
        // FNV-1a, finished as MurmurHash3 does it: addresses differ in few bits, ids should not.
        long hash = 0xcbf29ce484222325L;
        for (byte one : address.hostPort().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ one & 0xFF) * 0x100000001b3L;
        }
        hash ^= uid;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 || hash == 1 ? 2 : hash;
    }

    /** As logs and the Admin API show it: 16 hexadecimal digits. */
    public static String show(long id) {
        String digits = Long.toHexString(id);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
