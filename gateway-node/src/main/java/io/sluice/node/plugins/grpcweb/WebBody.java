package io.sluice.node.plugins.grpcweb;

import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** A gRPC response as gRPC-web: messages as they are, trailers as a last frame of the body, all in base64 if so asked. */
final class WebBody implements BodyFilter {

    static final HeaderName STATUS = HeaderName.of("grpc-status");
    private static final HeaderName MESSAGE = HeaderName.of("grpc-message");
    private static final byte TRAILERS = (byte) 0x80;

    private final boolean text;
    private final @Nullable String headStatus;
    private final @Nullable String headMessage;

    /** @param head of the response, which says the status if there are no messages */
    WebBody(boolean text, Headers head) {
        this.text = text;
        this.headStatus = head.first(STATUS).orElse(null);
        this.headMessage = head.first(MESSAGE).orElse(null);
    }

    @Override
    public ByteString onChunk(ByteString chunk) {
        return form(chunk);
    }

    @Override
    public ByteString onEnd() {
        StringBuilder lines = new StringBuilder();
        line(lines, "grpc-status", headStatus == null ? "2" : headStatus); // UNKNOWN: the upstream should have said it
        if (headMessage != null) {
            line(lines, "grpc-message", headMessage);
        }
        return frame(lines);
    }

    @Override
    public ByteString onEnd(Headers trailers) {
        if (!trailers.contains(STATUS)) {
            return onEnd();
        }
        StringBuilder lines = new StringBuilder();
        trailers.forEach((name, value) -> line(lines, name.toLowerCase(Locale.ROOT), value));
        return frame(lines);
    }

    private static void line(StringBuilder lines, String name, String value) {
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    private ByteString frame(StringBuilder lines) {
        byte[] content = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer frame = ByteBuffer.allocate(5 + content.length);
        frame.put(TRAILERS).putInt(content.length).put(content);
        return form(ByteString.fromArrayUnsafe(frame.array()));
    }

    private ByteString form(ByteString bytes) {
        return text ? Base64Pieces.encoded(bytes) : bytes;
    }
}
