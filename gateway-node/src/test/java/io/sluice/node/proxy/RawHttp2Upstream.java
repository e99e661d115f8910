package io.sluice.node.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An upstream that sends exactly the HTTP/2 frames that a test wants. */
final class RawHttp2Upstream {

    private static final int ACK = 1;

    private RawHttp2Upstream() {}

    /** What to do with a connection that has begun. */
    interface Script {
        void run(Peer peer) throws IOException;
    }

    /** One accepted connection. */
    static final class Peer {
        private final RawUpstream.Peer wire;

        private Peer(RawUpstream.Peer wire) {
            this.wire = wire;
        }

        Peer send(int type, int flags, int stream, byte... payload) throws IOException {
            wire.write(RawHttp2.frameBytes(type, flags, stream, payload));
            return this;
        }

        /** The head of a gRPC answer, and more if there is to be more. */
        Peer head(int stream, boolean end, String... more) throws IOException {
            String[] fields = new String[more.length + 2];
            fields[0] = ":status: 200";
            fields[1] = "content-type: application/grpc";
            System.arraycopy(more, 0, fields, 2, more.length);
            return send(RawHttp2.HEADERS, end ? 5 : 4, stream, RawHttp2.block(fields));
        }

        /** An answer without messages that says that all is well. */
        Peer good(int stream) throws IOException {
            return head(stream, true, "grpc-status: 0");
        }

        Peer goAway(int last, int code) throws IOException {
            byte[] payload = new byte[8];
            System.arraycopy(RawHttp2.number(last), 0, payload, 0, 4);
            System.arraycopy(RawHttp2.number(code), 0, payload, 4, 4);
            return send(RawHttp2.GOAWAY, 0, 0, payload);
        }

        /** The next frame; null at the end. */
        RawHttp2.Frame read() throws IOException {
            byte[] head = wire.read(9);
            if (head.length < 9) {
                return null;
            }
            int length = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
            int stream = new RawHttp2.Frame(0, 0, 0, head).number(5);
            return new RawHttp2.Frame(head[3], head[4], stream, wire.read(length));
        }

        /** The stream of the next frame of that type; -1 if none comes any more. */
        int await(int type) throws IOException {
            RawHttp2.Frame frame = awaitFrame(type, 0);
            return frame == null ? -1 : frame.stream();
        }

        /** The next answer to SETTINGS; false if none comes. */
        boolean awaitSettingsAck() throws IOException {
            return awaitFrame(RawHttp2.SETTINGS, ACK) != null;
        }

        RawHttp2.Frame awaitFrame(int type, int flag) throws IOException {
            RawHttp2.Frame frame = read();
            while (frame != null && (frame.type() != type || (frame.flags() & flag) != flag)) {
                frame = read();
            }
            return frame;
        }
    }

    static RawUpstream start(Script script) {
        return RawUpstream.start(peer -> {
            peer.read(RawHttp2.PREFACE.getBytes(StandardCharsets.ISO_8859_1).length);
            Peer speaking = new Peer(peer);
            speaking.send(RawHttp2.SETTINGS, 0, 0);
            script.run(speaking);
        });
    }

    /** A connection on which it has said nothing yet. */
    static Peer over(RawUpstream.Peer peer) {
        return new Peer(peer);
    }
}
