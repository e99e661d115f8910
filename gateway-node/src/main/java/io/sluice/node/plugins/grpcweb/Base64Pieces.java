package io.sluice.node.plugins.grpcweb;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Base64 as gRPC-web has it: pieces one after the other, each with its own padding. */
final class Base64Pieces {

    private static final int GROUP = 4;

    private Base64Pieces() {}

    static ByteString encoded(ByteString bytes) {
        return ByteString.fromArrayUnsafe(Base64.getEncoder().encode(bytes.toArrayUnsafe()));
    }

    /** What the text stands for; null if it is not base64. */
    static @Nullable ByteString decoded(ByteString text) {
        byte[] all = text.toArrayUnsafe();
        if (all.length % GROUP != 0) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(all.length / GROUP * 3);
        int from = 0;
        for (int at = GROUP; at <= all.length; at += GROUP) {
            if (all[at - 1] == '=' || at == all.length) {
                if (!decode(all, from, at, bytes)) {
                    return null;
                }
                from = at;
            }
        }
        return ByteString.fromArrayUnsafe(bytes.toByteArray());
    }

    private static boolean decode(byte[] all, int from, int to, ByteArrayOutputStream bytes) {
        byte[] piece = new byte[to - from];
        System.arraycopy(all, from, piece, 0, piece.length);
        try {
            bytes.writeBytes(Base64.getDecoder().decode(piece));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
