package io.sluice.node.upstream.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.state.health.ProbeResult;
import io.sluice.state.health.ProbeResult.Answered;
import io.sluice.state.health.ProbeResult.TimedOut;
import io.sluice.state.health.ProbeType;
import io.sluice.state.health.TargetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Trailer;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GrpcProbeIT {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SCANT = Duration.ofMillis(500);
    private static final byte[] SERVING = {0, 0, 0, 0, 2, 8, 1};
    private static final byte[] NOT_SERVING = {0, 0, 0, 0, 2, 8, 2};

    private static ActorSystem system;
    private static SocketProber prober;

    @BeforeAll
    static void start() {
        system = ActorSystem.create(
                "grpc-probes",
                ConfigFactory.parseString("pekko.http.server.enable-http2 = on").withFallback(ConfigFactory.load()));
        prober = new SocketProber(
                system,
                new ProbeTls(
                        () -> {
                            throw new AssertionError("nothing is verified here");
                        },
                        ForkJoinPool.commonPool()));
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void isFineWithAServerThatServes() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>("");

        ProbeResult result = probe(AMPLE, "/", request -> {
            asked.set(request.method().value() + " " + request.getUri().path());
            return answer(message(SERVING, "0"));
        });

        assertThat(result).isEqualTo(new Answered(200));
        assertThat(asked).hasValue("POST /grpc.health.v1.Health/Check");
    }

    @Test
    void asksForTheServiceThatThePathNames() throws Exception {
        AtomicReference<ByteString> asked = new AtomicReference<>(ByteString.emptyByteString());

        probe(
                AMPLE,
                "/shop.Cart",
                request -> request.entity().toStrict(5_000, system).thenApply(whole -> {
                    asked.set(whole.getData());
                    return message(SERVING, "0");
                }));

        assertThat(asked.get().decodeString("ISO-8859-1")).isEqualTo("\0\0\0\0\u000b\n\tshop.Cart");
    }

    @Test
    void isNotFineWithAServerThatSaysItDoesNotServe() throws Exception {
        ProbeResult result = probe(AMPLE, "/", request -> answer(message(NOT_SERVING, "0")));

        assertThat(result).isEqualTo(new Answered(503));
    }

    @Test
    void isFineWithAServerThatKnowsNoHealthService() throws Exception {
        ProbeResult unimplemented = probe(AMPLE, "/", request -> answer(alone("12")));
        ProbeResult unknown = probe(AMPLE, "/", request -> answer(alone("5")));

        assertThat(unimplemented).isEqualTo(new Answered(200));
        assertThat(unknown).isEqualTo(new Answered(503));
    }

    @Test
    void takesAnAnswerWithoutGrpcForNonsense() throws Exception {
        ProbeResult html =
                probe(AMPLE, "/", request -> answer(HttpResponse.create().withEntity("<html>")));
        ProbeResult absent =
                probe(AMPLE, "/", request -> answer(HttpResponse.create().withStatus(404)));
        ProbeResult endless = probe(
                AMPLE,
                "/",
                request -> answer(HttpResponse.create()
                        .withEntity(HttpEntities.createChunked(
                                ContentTypes.APPLICATION_OCTET_STREAM,
                                Source.repeat(ByteString.fromArray(new byte[512]))))));

        assertThat(List.of(html, absent, endless)).containsOnly(new Answered(0));
    }

    @Test
    void endsAServerThatDoesNotAnswer() throws Exception {
        ProbeResult result = probe(SCANT, "/", request -> new CompletableFuture<>());

        assertThat(result).isEqualTo(new TimedOut());
    }

    @Test
    void waitsInVainForAServerThatSpeaksHttp1() throws Exception {
        try (HostileTarget target = HostileTarget.saying("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")) {
            ProbeResult result = prober.probe(
                            address(target.port()),
                            SocketProberIT.active(ProbeType.GRPC, SCANT, "/", Optional.empty(), false),
                            Optional.empty())
                    .toCompletableFuture()
                    .get();

            assertThat(result).isEqualTo(new TimedOut());
            await().until(target::allEnded);
        }
    }

    @Test
    void speaksTls() throws Exception {
        SSLContext context = CertifiedKey.context(List.of(CertifiedKey.selfSigned(Instant.now())));

        ProbeResult result = probe(
                ProbeType.GRPCS,
                AMPLE,
                "/",
                builder -> builder.enableHttps(ConnectionContext.httpsServer(context)),
                request -> answer(message(SERVING, "0")));

        assertThat(result).isEqualTo(new Answered(200));
    }

    private static CompletionStage<HttpResponse> answer(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    /** A message and the status behind it, in trailers. */
    private static HttpResponse message(byte[] message, String status) {
        return HttpResponse.create()
                .withEntity(ContentTypes.APPLICATION_OCTET_STREAM, message)
                .addAttribute(
                        AttributeKeys.trailer, Trailer.create().addHeader(RawHeader.create("grpc-status", status)));
    }

    /** A status without a message, in the head. */
    private static HttpResponse alone(String status) {
        return HttpResponse.create().addHeader(RawHeader.create("grpc-status", status));
    }

    private static ProbeResult probe(
            Duration timeout, String path, Function<HttpRequest, CompletionStage<HttpResponse>> server)
            throws Exception {
        return probe(ProbeType.GRPC, timeout, path, builder -> builder, server);
    }

    private static ProbeResult probe(
            ProbeType type,
            Duration timeout,
            String path,
            Function<ServerBuilder, ServerBuilder> kind,
            Function<HttpRequest, CompletionStage<HttpResponse>> server)
            throws Exception {
        ServerBinding binding = kind.apply(Http.get(system).newServerAt("127.0.0.1", 0))
                .bind(server::apply)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        try {
            return prober.probe(
                            address(binding.localAddress().getPort()),
                            SocketProberIT.active(type, timeout, path, Optional.empty(), false),
                            Optional.empty())
                    .toCompletableFuture()
                    .get();
        } finally {
            binding.unbind();
        }
    }

    private static TargetAddress address(int port) {
        return new TargetAddress("shop", "localhost:" + port, "127.0.0.1", port);
    }
}
