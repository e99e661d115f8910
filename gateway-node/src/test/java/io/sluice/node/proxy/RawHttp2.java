package io.sluice.node.proxy;

import io.sluice.node.http2.HpackDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly the HTTP/2 frames that a test wants and shows what came back. */
public final class RawHttp2 implements AutoCloseable {

    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** A frame as received. */
    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        int number(int at) {
            return (payload[at] & 0xFF) << 24
                    | (payload[at + 1] & 0xFF) << 16
                    | (payload[at + 2] & 0xFF) << 8
                    | payload[at + 3] & 0xFF;
        }

        @Override
        public String toString() {
            return "type " + type + " flags " + flags + " stream " + stream + " length " + payload.length
                    + (type == GOAWAY ? " last " + number(0) + " code " + number(4) : "")
                    + (type == RST_STREAM ? " code " + number(0) : "");
        }
    }

    /** A response: fields in order, {@code name: value}; the content; the trailers. */
    public record Response(List<String> fields, String body, List<String> trailers) {

        public int status() {
            return Integer.parseInt(fields.get(0).substring(":status: ".length()));
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final HpackDecoder decoder = new HpackDecoder();

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(15_000);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Connects without a word. */
    public static RawHttp2 connect(InetSocketAddress address) {
        try {
            return new RawHttp2(new Socket(address.getAddress(), address.getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RawHttp2 over(Socket socket) {
        try {
            return new RawHttp2(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins the connection with these settings. */
    public RawHttp2 begin(int... settings) {
        return send(PREFACE.getBytes(StandardCharsets.ISO_8859_1)).settings(settings);
    }

    RawHttp2 settings(int... pairs) {
        byte[] payload = new byte[pairs.length * 3];
        for (int i = 0; i < pairs.length; i += 2) {
            payload[i * 3] = (byte) (pairs[i] >> 8);
            payload[i * 3 + 1] = (byte) pairs[i];
            System.arraycopy(number(pairs[i + 1]), 0, payload, i * 3 + 2, 4);
        }
        return frame(SETTINGS, 0, 0, payload);
    }

    static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    static byte[] frameBytes(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(payload.length >> 16);
        bytes.write(payload.length >> 8);
        bytes.write(payload.length);
        bytes.write(type);
        bytes.write(flags);
        bytes.writeBytes(number(stream));
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }

    RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
        return send(frameBytes(type, flags, stream, payload));
    }

    RawHttp2 send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends as long as the other side takes it. */
    boolean sendWhilePossible(byte[] bytes, int times) {
        try {
            for (int i = 0; i < times; i++) {
                out.write(bytes);
            }
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A header block of literal fields, {@code name: value} each. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String field : fields) {
            int colon = field.indexOf(": ", 1);
            bytes.write(0);
            text(bytes, field.substring(0, colon));
            text(bytes, field.substring(colon + 2));
        }
        return bytes.toByteArray();
    }

    private static void text(ByteArrayOutputStream bytes, String text) {
        byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
        if (raw.length < 127) {
            bytes.write(raw.length);
        } else {
            bytes.write(127);
            int rest = raw.length - 127;
            while (rest >= 128) {
                bytes.write(rest & 127 | 128);
                rest >>= 7;
            }
            bytes.write(rest);
        }
        bytes.writeBytes(raw);
    }

    /** The fields every request needs, and more. */
    public static byte[] request(String method, String path, String... more) {
        List<String> fields =
                new ArrayList<>(List.of(":method: " + method, ":scheme: http", ":path: " + path, ":authority: a"));
        fields.addAll(List.of(more));
        return block(fields.toArray(String[]::new));
    }

    public RawHttp2 get(int stream, String path, String... more) {
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, request("GET", path, more));
    }

    public RawHttp2 headers(int stream, boolean end, byte[] block) {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block);
    }

    public RawHttp2 data(int stream, boolean end, String content) {
        return frame(DATA, end ? END_STREAM : 0, stream, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A head in HTTP/1.1 before the first frame. */
    String readHead() {
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    return head.toString();
                }
                head.append((char) b);
            }
            return head.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame; null at the end of the connection. */
    Frame read() {
        try {
            byte[] head = in.readNBytes(9);
            if (head.length < 9) {
                return null;
            }
            int length = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
            int stream = new Frame(0, 0, 0, head).number(5);
            return new Frame(head[3], head[4], stream, in.readNBytes(length));
        } catch (IOException e) {
            return null;
        }
    }

    /** The next frame of a type on a stream, leaving out all others; null if the connection ends before. */
    Frame await(int type, int stream) {
        Frame frame = read();
        while (frame != null && (frame.type() != type || frame.stream() != stream)) {
            if (frame.type() == HEADERS) {
                fields(frame);
            }
            frame = read();
        }
        return frame;
    }

    /** The error code of the GOAWAY that ends the connection; -1 if it ends without one. */
    int goAwayCode() {
        int code = -1;
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == GOAWAY) {
                code = frame.number(4);
            }
        }
        return code;
    }

    List<String> fields(Frame headers) {
        List<String> fields = new ArrayList<>();
        boolean good = decoder.decode(
                headers.payload(),
                0,
                headers.payload().length,
                (name, nameFrom, nameTo, value, from, to) ->
                        fields.add(new String(name, nameFrom, nameTo - nameFrom, StandardCharsets.ISO_8859_1)
                                + ": "
                                + new String(value, from, to - from, StandardCharsets.ISO_8859_1)));
        if (!good) {
            throw new AssertionError("a header block that cannot be decoded");
        }
        return fields;
    }

    /** The whole response of a stream; frames of others are left out. */
    public Response response(int stream) {
        List<String> head = List.of();
        List<String> trailers = List.of();
        StringBuilder body = new StringBuilder();
        while (true) {
            Frame frame = read();
            if (frame == null) {
                throw new AssertionError("the connection ended in " + head + " " + body);
            }
            if (frame.type() == HEADERS) {
                List<String> fields = fields(frame);
                boolean first = head.isEmpty() || head.get(0).startsWith(":status: 1");
                if (frame.stream() == stream && first) {
                    head = fields;
                } else if (frame.stream() == stream) {
                    trailers = fields;
                }
            }
            if (frame.stream() == stream) {
                if (frame.type() == RST_STREAM) {
                    throw new AssertionError("reset with " + frame.number(0) + " after " + head + " " + body);
                }
                if (frame.type() == DATA) {
                    body.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
                }
                if (frame.ends()) {
                    return new Response(head, body.toString(), trailers);
                }
            }
        }
    }

    /** The stream's content as it comes, of one frame or more, until there are so many bytes or it ends. */
    public String content(int stream, int bytes) {
        StringBuilder content = new StringBuilder();
        while (content.length() < bytes) {
            Frame frame = await(DATA, stream);
            if (frame == null) {
                throw new AssertionError("the connection ended after " + content);
            }
            content.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
            if (frame.ends()) {
                return content.toString();
            }
        }
        return content.toString();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
