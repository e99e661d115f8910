package io.sluice.node.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A client that sends exactly the bytes a test wants and shows what came back. */
public final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawClient(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(15_000);
        socket.connect(address, 5_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** A client over a socket that is connected, a TLS one for example. */
    public static RawClient over(Socket socket) {
        try {
            socket.setSoTimeout(15_000);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A response as received. */
    public record Response(int status, String head, String body, List<String> trailers) {

        /** The first value of a field. */
        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        /** All values of a field. */
        public List<String> headers(String name) {
            List<String> values = new ArrayList<>();
            for (String line : head.split("\r\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                    values.add(line.substring(colon + 1).strip());
                }
            }
            return values;
        }
    }

    public static RawClient connect(InetSocketAddress address) {
        try {
            return new RawClient(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Like send, but a connection that is closed already is no error. */
    public RawClient trySend(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (IOException e) {
            // what came back tells
        }
        return this;
    }

    /** Says that no more will be sent. */
    public RawClient endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A head with its empty line; "" if the connection ended before a byte. */
    public String readHead() {
        try {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int match = 0;
            while (match < 4) {
                int b = in.read();
                if (b < 0) {
                    return head.toString(StandardCharsets.ISO_8859_1);
                }
                head.write(b);
                match = b == "\r\n\r\n".charAt(match) ? match + 1 : b == '\r' ? 1 : 0;
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next final response (interim ones are skipped) to a request that was not HEAD. */
    public Response readResponse() {
        return readResponse(false);
    }

    /** The next final response. */
    public Response readResponse(boolean toHead) {
        String head = readHead();
        if (head.length() < 12) {
            throw new AssertionError("no response but: '" + head + "'");
        }
        int status = Integer.parseInt(head.substring(9, 12));
        if (status < 200 && status != 101) {
            return readResponse(toHead);
        }
        Response bare = new Response(status, head, "", List.of());
        boolean bodyless = toHead || status == 204 || status == 304 || status == 101;
        if (bodyless) {
            return bare;
        }
        boolean chunked = bare.header("Transfer-Encoding")
                .map(value -> value.toLowerCase(Locale.ROOT).equals("chunked"))
                .orElse(false);
        if (chunked) {
            return readChunked(bare);
        }
        Optional<String> length = bare.header("Content-Length");
        byte[] body = length.isPresent() ? read(Integer.parseInt(length.get())) : readToEnd();
        return new Response(status, head, new String(body, StandardCharsets.ISO_8859_1), List.of());
    }

    private Response readChunked(Response bare) {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            if (size == 0) {
                break;
            }
            body.append(new String(read(size), StandardCharsets.ISO_8859_1));
            readLine();
        }
        List<String> trailers = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            trailers.add(line);
        }
        return new Response(bare.status(), bare.head(), body.toString(), trailers);
    }

    /** A line without its CR LF. */
    public String readLine() {
        try {
            StringBuilder line = new StringBuilder();
            int b = in.read();
            while (b >= 0 && b != '\n') {
                line.append((char) b);
                b = in.read();
            }
            if (b < 0 && line.length() == 0) {
                throw new AssertionError("connection ended where a line was expected");
            }
            return line.substring(0, line.length() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exactly that many bytes. */
    public byte[] read(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new AssertionError("connection ended after " + bytes.length + " of " + length + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to the end of the connection. */
    public byte[] readToEnd() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That many bytes, fewer if the connection ends before. */
    public int readAtMost(int length) {
        try {
            return in.readNBytes(length).length;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Everything that comes, and how the connection ended: "(end)" or "(reset)". */
    public String untilEnd() {
        StringBuilder got = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                got.append((char) b);
            }
            return got.append("(end)").toString();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open after: " + got, e);
        } catch (IOException e) {
            return got.append("(reset)").toString();
        }
    }

    /** How the connection ended: "end", "reset", or "open" if nothing came for the given time. */
    public String ending(int millis) {
        try {
            socket.setSoTimeout(millis);
            int b = in.read();
            return b < 0 ? "end" : "byte " + b;
        } catch (SocketTimeoutException e) {
            return "open";
        } catch (SocketException e) {
            return "reset";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Socket socket() {
        return socket;
    }

    /** Ends the connection with a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
