package io.sluice.node.balance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The target that the client was with before: the one whose identity is the request's key. Where the request has no key, or
 * its target cannot be used or is gone, another algorithm picks one, whose identity the client is then told.
 */
final class StickySessions implements Balancer {

    private final Balancer other;
    private final long[] identities;
    private final Weights weights;

    /**
     * @param names of the targets, in which all nodes agree
     * @param other picks where the key does not
     */
    StickySessions(String upstream, List<String> names, Weights weights, Balancer other) {
        this.other = other;
        this.identities =
                names.stream().mapToLong(name -> identity(upstream, name)).toArray();
        this.weights = weights;
    }

    /**
     * A target as it is known to clients: the same on every node and in every version, different in each upstream, and not to be
     * turned back into an address by looking at it. Never 0.
     */
    private static long identity(String upstream, String name) {
        try {
            byte[] text = (upstream + '\0' + name).getBytes(StandardCharsets.UTF_8);
            long hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text))
                    .getLong();
            return hash == 0 ? 1 : hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int pick(Candidates candidates) {
        long key = candidates.key();
        for (int i = 0; key != 0 && i < identities.length; i++) {
            if (identities[i] == key && weights.some(i) && candidates.usable(i)) {
                return i;
            }
        }
        return other.pick(candidates);
    }

    @Override
    public long identity(int target) {
        return identities[target];
    }
}
