package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http2.Frames;
import io.sluice.node.http2.MessageFrames;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A client of the warm-up that speaks HTTP/2: one request after the other on one connection, and no more than that takes. */
final class WarmHttp2 implements MessageFrames.Target {

    private static final int WINDOW = 16 * 1024 * 1024;

    private final byte[] request;
    private final ByteWriter out = new ByteWriter(1024);
    private final byte[] payload = new byte[Frames.PAYLOAD_BYTES];
    private final MessageFrames frames =
            MessageFrames.ofRequests(this, new ByteWriter(256), new byte[Frames.PAYLOAD_BYTES], false);
    private int stream = -1;

    /** @param request in HTTP/1.1, without a body */
    WarmHttp2(byte[] request) {
        this.request = request;
    }

    /** Asks until it is told to stop, or the gateway ends the connection. */
    void run(Socket socket, BooleanSupplier goesOn) throws IOException {
        OutputStream sent = socket.getOutputStream();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        Frames.preface(out);
        Frames.settings(out);
        Frames.windowUpdate(out, 0, WINDOW);
        boolean open;
        do { // at least once, as the others
            stream += 2;
            frames.begin(false, false);
            frames.take(ByteBuffer.wrap(request));
            sent.write(out.array(), 0, out.length());
            out.clear();
            open = response(in);
        } while (open && goesOn.getAsBoolean());
    }

    /** Reads up to the end of a response; gives whether another one may be asked for. */
    private boolean response(DataInputStream in) throws IOException {
        boolean open = true;
        boolean ended = false;
        while (!ended) {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            in.readInt();
            int type = lengthAndType & 0xFF;
            in.readFully(payload, 0, lengthAndType >>> 8);
            open &= type != Frames.GOAWAY;
            ended = (type == Frames.HEADERS || type == Frames.DATA) && (flags & Frames.END_STREAM) != 0;
            if (type == Frames.SETTINGS && (flags & Frames.ACK) == 0) {
                Frames.settingsAck(out);
            }
        }
        return open;
    }

    @Override
    public void headers(ByteWriter block, boolean end) {
        Frames.headers(out, stream, block, end);
    }

    @Override
    public void content(ByteBuffer piece) {
        throw new IllegalStateException("a request of the warm-up has no content");
    }

    @Override
    public void end(@Nullable ByteWriter trailers) {
        Frames.end(out, stream);
    }
}
