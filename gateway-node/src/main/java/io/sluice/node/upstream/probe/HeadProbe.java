package io.sluice.node.upstream.probe;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A GET of which only the status line is read: the rest of the answer, however long, stays with the target. */
final class HeadProbe {

    private HeadProbe() {}

    /** The request, byte for byte as Kong's checks send it. */
    static ByteString request(String path, String host, Map<String, List<String>> headers) {
        StringBuilder head = new StringBuilder("GET ").append(path).append(" HTTP/1.0\r\n");
        headers.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        head.append("Host: ").append(host).append("\r\n\r\n");
        return ByteString.fromString(head.toString(), StandardCharsets.UTF_8);
    }

    /** The status of the answer; empty if the connection ends before. */
    static CompletionStage<Optional<Integer>> run(
            Flow<ByteString, ByteString, ?> connection, ByteString request, Materializer materializer) {
        Source<ByteString, NotUsed> sent = Source.single(request).concat(Source.maybe());
        return sent.via(connection)
                .scan(ByteString.emptyByteString(), ByteString::concat)
                .filter(StatusLine::isWhole)
                .map(StatusLine::status)
                .runWith(Sink.headOption(), materializer);
    }
}
