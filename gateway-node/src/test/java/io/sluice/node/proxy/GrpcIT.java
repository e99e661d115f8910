package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** grpc-java on both sides of the gateway. */
class GrpcIT {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final CertifiedKey KEY = AUTHORITY.issue("localhost").read();

    private GrpcService service;
    private TestGateway gateway;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        service = GrpcService.start();
        gateway = TestGateway.start(config(Protocol.GRPC, service.port(), Set.of(Protocol.GRPC, Protocol.GRPCS)));
        channel = plain(gateway.listenHttp2());
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        gateway.close();
        service.close();
    }

    private static ManagedChannel plain(InetSocketAddress address) {
        return NettyChannelBuilder.forAddress("localhost", address.getPort())
                .usePlaintext()
                .maxInboundMessageSize(64 * 1024 * 1024)
                .maxInboundMetadataSize(64 * 1024)
                .build();
    }

    private static GatewayConfig config(Protocol upstream, int port, Set<Protocol> ofRoute) {
        Service grpc = Configs.speaking(Configs.service("s", port), upstream);
        Route route = Configs.matching(Configs.route("r", "s", "/test.Echo"), ofRoute);
        return Configs.of(List.of(grpc), List.of(route), List.of());
    }

    private byte[] unary(MethodDescriptor<byte[], byte[]> method, byte[] asked) {
        return ClientCalls.blockingUnaryCall(channel, method, GrpcService.in(10_000), asked);
    }

    private StatusRuntimeException failure(MethodDescriptor<byte[], byte[]> method, byte[] asked) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> unary(method, asked));
    }

    @Test
    void passesUnaryCalls() {
        for (int i = 0; i < 100; i++) {
            byte[] asked = new byte[i * 37];
            assertThat(unary(GrpcService.ECHO, asked)).isEqualTo(asked);
        }
        assertThat(service.calls()).isEqualTo(100);
    }

    @Test
    void passesLargeMessages() {
        byte[] asked = new byte[10_000_000];
        new java.util.Random(1).nextBytes(asked);

        assertThat(unary(GrpcService.ECHO, asked)).isEqualTo(asked);
    }

    @Test
    void passesManyCallsAtATime() throws Exception {
        List<com.google.common.util.concurrent.ListenableFuture<byte[]>> calls = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            calls.add(ClientCalls.futureUnaryCall(
                    channel.newCall(GrpcService.ECHO, GrpcService.in(10_000)), new byte[i]));
        }

        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).get()).hasSize(i);
        }
    }

    @Test
    void passesStreamsOfTheServer() {
        Iterator<byte[]> answers = ClientCalls.blockingServerStreamingCall(
                channel, GrpcService.COUNT, GrpcService.in(10_000), new byte[500]);

        for (int i = 0; i < 500; i++) {
            assertThat(answers.next()).hasSize(i);
        }
        assertThat(answers.hasNext()).isFalse();
    }

    /** What a call has answered, in order; a status at its end. */
    private static final class Answers implements StreamObserver<byte[]> {
        private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void onNext(byte[] value) {
            all.add(value.length);
        }

        @Override
        public void onError(Throwable failure) {
            all.add(Status.fromThrowable(failure).getCode());
        }

        @Override
        public void onCompleted() {
            all.add(Status.Code.OK);
        }

        Object next() throws InterruptedException {
            return all.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void passesStreamsOfTheClient() throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> sent =
                ClientCalls.asyncClientStreamingCall(channel.newCall(GrpcService.SUM, GrpcService.in(10_000)), answers);
        for (int i = 0; i < 200; i++) {
            sent.onNext(new byte[1000]);
        }
        sent.onCompleted();

        assertThat(answers.next()).isEqualTo("200000".length());
        assertThat(answers.next()).isEqualTo(Status.Code.OK);
    }

    @Test
    void passesStreamsBothWaysMessageByMessage() throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> sent =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(GrpcService.CHAT, GrpcService.in(10_000)), answers);

        for (int i = 0; i < 100; i++) {
            sent.onNext(new byte[i]);
            assertThat(answers.next()).isEqualTo(i);
        }
        sent.onCompleted();
        assertThat(answers.next()).isEqualTo(Status.Code.OK);
    }

    @Test
    void passesErrorsWithTheirTrailers() {
        StatusRuntimeException failed = failure(GrpcService.FAIL, new byte[0]);

        assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failed.getStatus().getDescription()).isEqualTo("not yet: é");
        assertThat(failed.getTrailers().get(GrpcService.NOTE)).isEqualTo("a note");
        assertThat(failed.getTrailers().get(GrpcService.DETAIL)).containsExactly(0, 1, 0xFF);
    }

    @Test
    void passesMetadataOfTheClient() throws Exception {
        Metadata headers = new Metadata();
        headers.put(GrpcService.NOTE, "n".repeat(7_000));
        headers.put(GrpcService.DETAIL, new byte[] {9, 0, 1});
        Channel telling = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        ClientCalls.blockingUnaryCall(telling, GrpcService.ECHO, GrpcService.in(10_000), new byte[1]);
        Metadata received = service.next();

        assertThat(received.get(GrpcService.NOTE)).hasSize(7_000);
        assertThat(received.get(GrpcService.DETAIL)).containsExactly(9, 0, 1);
        assertThat(received.get(Metadata.Key.of("via", Metadata.ASCII_STRING_MARSHALLER)))
                .startsWith("2 kong/");
    }

    @Test
    void passesLargeMetadataInManyFields() throws Exception {
        Metadata headers = new Metadata();
        for (int i = 0; i < 6; i++) {
            headers.put(Metadata.Key.of("x-large-" + i, Metadata.ASCII_STRING_MARSHALLER), "n".repeat(4_000));
        }
        Channel telling = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        ClientCalls.blockingUnaryCall(telling, GrpcService.ECHO, GrpcService.in(10_000), new byte[1]);

        assertThat(service.next().keys()).contains("x-large-0", "x-large-5");
    }

    @Test
    void tellsTheServerOfDeadlinesAndCancelsWhatIsTooLate() throws Exception {
        StatusRuntimeException failed = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, GrpcService.HANG, GrpcService.in(1_000), new byte[0]));

        assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(service.next().keys()).contains("grpc-timeout");
        assertThat(service.nextCancelled()).isEqualTo("hang");
    }

    @Test
    void passesCancellation() throws Exception {
        AtomicReference<io.grpc.ClientCall<byte[], byte[]>> call = new AtomicReference<>();
        Answers answers = new Answers();
        call.set(channel.newCall(GrpcService.CHAT, GrpcService.in(20_000)));
        StreamObserver<byte[]> sent = ClientCalls.asyncBidiStreamingCall(call.get(), answers);
        sent.onNext(new byte[3]);
        assertThat(answers.next()).isEqualTo(3);
        call.get().cancel("enough", null);

        assertThat(service.nextCancelled()).isEqualTo("chat");
        assertThat(answers.next()).isEqualTo(Status.Code.CANCELLED);
        Awaitility.await().until(() -> gateway.activeRequests() == 0);
    }

    @Test
    void saysWhatIsNotImplementedByWhom() {
        StatusRuntimeException byService = failure(GrpcService.MISSING, new byte[0]);
        gateway.configure(Configs.of(List.of(), List.of(), List.of()));
        StatusRuntimeException byGateway = failure(GrpcService.ECHO, new byte[0]);

        assertThat(byService.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(byGateway.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(byGateway.getStatus().getDescription()).isEqualTo("no Route matched with those values");
    }

    @Test
    void givesAGrpcStatusForAnUpstreamThatIsNotThere() {
        service.close();
        StatusRuntimeException failed = failure(GrpcService.ECHO, new byte[0]);

        assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failed.getTrailers().keys()).contains("x-kong-request-id");
    }

    /** A plugin that answers every call with an HTTP status. */
    private record Refusing(int status) implements PluginFactory, Plugin {
        @Override
        public String name() {
            return "refusing";
        }

        @Override
        public int priority() {
            return 1;
        }

        @Override
        public Schema settings() {
            return Schema.of();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return this;
        }

        @Override
        public Verdict access(Exchange exchange) {
            return Verdict.error(status, "because");
        }
    }

    private static PluginConfig refusing() {
        return new PluginConfig(
                Configs.id("refusing"),
                "refusing",
                null,
                Map.of(),
                true,
                Set.of(Protocol.GRPC),
                null,
                null,
                null,
                null,
                List.of(),
                0,
                0);
    }

    @ParameterizedTest
    @CsvSource({"401, UNAUTHENTICATED", "403, PERMISSION_DENIED", "429, RESOURCE_EXHAUSTED", "503, UNAVAILABLE"})
    void givesAGrpcStatusForAnswersOfPlugins(int status, Status.Code expected) {
        try (TestGateway own = TestGateway.start(
                Configs.with(config(Protocol.GRPC, service.port(), Set.of(Protocol.GRPC)), refusing()),
                ProxySettings.DEFAULT,
                List.of(new Refusing(status)))) {
            ManagedChannel other = plain(own.listenHttp2());
            StatusRuntimeException failed = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(other, GrpcService.ECHO, GrpcService.in(10_000), new byte[9]));
            other.shutdownNow();

            assertThat(failed.getStatus().getCode()).isEqualTo(expected);
            assertThat(failed.getStatus().getDescription()).isEqualTo("because");
        }
    }

    @Test
    void refusesHttpOnRoutesForGrpc() {
        assertThat(gateway.get("/test.Echo/Echo").status()).isEqualTo(415);
    }

    @Test
    void refusesPlainTextOnRoutesForGrpcs() {
        gateway.configure(config(Protocol.GRPC, service.port(), Set.of(Protocol.GRPCS)));

        StatusRuntimeException failed = failure(GrpcService.ECHO, new byte[0]);
        assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(failed.getStatus().getDescription()).isEqualTo("gRPC request matched gRPCs route");
    }

    @Test
    void speaksTlsOnBothSides(@TempDir Path folder) throws Exception {
        TestAuthority.Issued issued = AUTHORITY.issue("127.0.0.1");
        Path certificate = Files.writeString(folder.resolve("c.pem"), issued.certificates());
        Path key = Files.writeString(folder.resolve("k.pem"), issued.key());
        try (GrpcService secure = GrpcService.startTls(certificate.toFile(), key.toFile())) {
            gateway.configure(config(Protocol.GRPCS, secure.port(), Set.of(Protocol.GRPCS)));
            InetSocketAddress address = gateway.listenTlsHttp2(KEY);
            ManagedChannel over = NettyChannelBuilder.forAddress("localhost", address.getPort())
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .build())
                    .build();
            byte[] asked = new byte[100_000];

            assertThat(ClientCalls.blockingUnaryCall(over, GrpcService.ECHO, GrpcService.in(10_000), asked))
                    .hasSize(100_000);
            assertThat(secure.calls()).isEqualTo(1);
            over.shutdownNow();
        }
    }

    @Test
    void usesAsManyConnectionsAsThereAreCallsAtATime() throws Exception {
        List<Answers> all = new ArrayList<>();
        List<StreamObserver<byte[]>> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Answers answers = new Answers();
            all.add(answers);
            sent.add(ClientCalls.asyncBidiStreamingCall(
                    channel.newCall(GrpcService.CHAT, GrpcService.in(20_000)), answers));
            sent.get(i).onNext(new byte[i]);
            assertThat(answers.next()).isEqualTo(i);
        }

        assertThat(service.peers()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            sent.get(i).onCompleted();
            assertThat(all.get(i).next()).isEqualTo(Status.Code.OK);
        }
    }

    @Test
    void usesItsConnectionsToUpstreamsAgain() {
        for (int i = 0; i < 20; i++) {
            unary(GrpcService.ECHO, new byte[10]);
        }

        assertThat(service.peers()).isEqualTo(1);
    }
}
