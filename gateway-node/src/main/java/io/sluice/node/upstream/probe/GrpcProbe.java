package io.sluice.node.upstream.probe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A call of {@code grpc.health.v1.Health/Check} over HTTP/2. Its answer as a status: 200 if it is SERVING, also if it does not know
 * that call; 503 if it says anything else; {@link StatusLine#NONE} if it does not speak gRPC.
 */
final class GrpcProbe {

    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final String STATUS = "grpc-status";
    private static final int OK = 0;
    private static final int UNIMPLEMENTED = 12;
    private static final int UNTOLD = -1;
    private static final byte[] SERVING = {0, 0, 0, 0, 2, 8, 1};
    /** Whoever says more is no health service. */
    private static final int MOST_BYTES = 1024;

    private GrpcProbe() {}

    /**
     * What the answer means; empty if the connection ends before.
     *
     * @param service asked for; empty for the server as a whole
     * @param tls the client's end of TLS; empty for none
     */
    static CompletionStage<Optional<Integer>> run(
            ActorSystem system,
            ProbeSocket socket,
            String authority,
            String service,
            Optional<Supplier<SSLEngine>> tls) {
        Materializer materializer = Materializer.matFromSystem(system);
        OutgoingConnectionBuilder to = Http.get(system)
                .connectionTo("target")
                .logTo(NoLogging.getInstance()) // that a probe fails is a result, not an error
                .withClientConnectionSettings(
                        ClientConnectionSettings.create(system).withTransport(new ProbeTransport(socket)));
        Flow<HttpRequest, HttpResponse, ?> http = tls.isPresent()
                ? to.withCustomHttpsConnectionContext(ConnectionContext.httpsClient(
                                (host, port) -> tls.get().get()))
                        .http2()
                : to.http2WithPriorKnowledge();
        Source<HttpRequest, NotUsed> sent =
                Source.single(request(tls.isPresent(), authority, service)).concat(Source.maybe());
        return sent.via(http)
                .mapAsync(1, response -> answer(response, materializer))
                .runWith(Sink.headOption(), materializer);
    }

    private static HttpRequest request(boolean secure, String authority, String service) {
        return HttpRequest.POST((secure ? "https://" : "http://") + authority + PATH)
                .addHeader(RawHeader.create("te", "trailers"))
                .withEntity(HttpEntities.create(
                        ContentTypes.create(MediaTypes.applicationBinary("grpc", true)), message(service)));
    }

    /** A HealthCheckRequest in its frame. */
    private static ByteString message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0) {
            return ByteString.fromArray(new byte[5]);
        }
        boolean two = name.length > 127;
        ByteString field = ByteString.fromArray(
                        two
                                ? new byte[] {10, (byte) (name.length | 0x80), (byte) (name.length >> 7)}
                                : new byte[] {10, (byte) name.length})
                .concat(ByteString.fromArray(name));
        return ByteString.fromArray(new byte[] {0, 0, 0, (byte) (field.size() >> 8), (byte) field.size()})
                .concat(field);
    }

    /** What was read of an answer, and its gRPC status. */
    private record Read(ByteString message, int status) {

        Read with(HttpEntity.ChunkStreamPart part) {
            if (part.isLastChunk()) {
                int told = told(part.getTrailerHeaders());
                return new Read(message, told == UNTOLD ? status : told);
            }
            return new Read(message.concat(part.data()), status);
        }

        boolean isTooLong() {
            return message.size() > MOST_BYTES;
        }

        int meaning() {
            if (status == UNTOLD || isTooLong()) {
                return StatusLine.NONE;
            }
            boolean serving = status == OK && Arrays.equals(message.toArray(), SERVING);
            return serving || status == UNIMPLEMENTED ? 200 : 503;
        }
    }

    private static CompletionStage<Integer> answer(HttpResponse response, Materializer materializer) {
        if (response.status().intValue() != 200) {
            return CompletableFuture.completedFuture(StatusLine.NONE);
        }
        Source<HttpEntity.ChunkStreamPart, ?> parts = response.entity() instanceof HttpEntity.Chunked chunked
                ? chunked.getChunks().map(part -> part)
                : response.entity().getDataBytes().filter(ByteString::nonEmpty).map(HttpEntity.ChunkStreamPart::create);
        return parts.scan(new Read(ByteString.emptyByteString(), told(response.getHeaders())), Read::with)
                .takeWhile(read -> !read.isTooLong(), true)
                .runWith(Sink.last(), materializer)
                .thenApply(Read::meaning);
    }

    private static int told(Iterable<HttpHeader> headers) {
        for (HttpHeader header : headers) {
            if (header.is(STATUS)) {
                try {
                    return Math.max(UNTOLD, Integer.parseInt(header.value().strip()));
                } catch (NumberFormatException e) {
                    return UNTOLD;
                }
            }
        }
        return UNTOLD;
    }
}
