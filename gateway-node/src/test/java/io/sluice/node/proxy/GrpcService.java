package io.sluice.node.proxy;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A gRPC service of all four kinds over bytes, by grpc-java. */
public final class GrpcService implements AutoCloseable {

    static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> COUNT = method("Count", MethodDescriptor.MethodType.SERVER_STREAMING);
    static final MethodDescriptor<byte[], byte[]> SUM = method("Sum", MethodDescriptor.MethodType.CLIENT_STREAMING);
    static final MethodDescriptor<byte[], byte[]> CHAT = method("Chat", MethodDescriptor.MethodType.BIDI_STREAMING);
    static final MethodDescriptor<byte[], byte[]> FAIL = method("Fail", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> HANG = method("Hang", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> MISSING = method("Missing", MethodDescriptor.MethodType.UNARY);
    static final Metadata.Key<String> NOTE = Metadata.Key.of("x-note", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<byte[]> DETAIL = Metadata.Key.of("x-detail-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setFullMethodName("test.Echo/" + name)
                .setType(type)
                .build();
    }

    private final Server server;
    private final Set<SocketAddress> peers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final BlockingQueue<Metadata> metadata = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

    private GrpcService(File certificate, File key) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .maxInboundMetadataSize(64 * 1024)
                .maxInboundMessageSize(64 * 1024 * 1024)
                .addService(ServerInterceptors.intercept(definition(), this::intercept));
        if (certificate != null) {
            builder.useTransportSecurity(certificate, key);
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static GrpcService start() {
        return new GrpcService(null, null);
    }

    static GrpcService startTls(File certificate, File key) {
        return new GrpcService(certificate, key);
    }

    private <Q, S> ServerCall.Listener<Q> intercept(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        calls.incrementAndGet();
        peers.add(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        metadata.add(headers);
        return next.startCall(call, headers);
    }

    private ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcService::echo))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcService::count))
                .addMethod(SUM, ServerCalls.asyncClientStreamingCall(GrpcService::sum))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(this::chat))
                .addMethod(FAIL, ServerCalls.asyncUnaryCall(GrpcService::fail))
                .addMethod(HANG, ServerCalls.asyncUnaryCall(this::hang))
                .build();
    }

    private static void echo(byte[] asked, StreamObserver<byte[]> answer) {
        answer.onNext(asked);
        answer.onCompleted();
    }

    private static void count(byte[] asked, StreamObserver<byte[]> answer) {
        for (int i = 0; i < asked.length; i++) {
            answer.onNext(new byte[i]);
        }
        answer.onCompleted();
    }

    private static StreamObserver<byte[]> sum(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            private int bytes;

            @Override
            public void onNext(byte[] value) {
                bytes += value.length;
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                answer.onNext(Integer.toString(bytes).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                answer.onCompleted();
            }
        };
    }

    private StreamObserver<byte[]> chat(StreamObserver<byte[]> answer) {
        ((ServerCallStreamObserver<byte[]>) answer).setOnCancelHandler(() -> cancelled.add("chat"));
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] value) {
                answer.onNext(value);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    private static void fail(byte[] asked, StreamObserver<byte[]> answer) {
        Metadata trailers = new Metadata();
        trailers.put(NOTE, "a note");
        trailers.put(DETAIL, new byte[] {0, 1, (byte) 0xFF});
        answer.onError(Status.FAILED_PRECONDITION.withDescription("not yet: é").asRuntimeException(trailers));
    }

    private void hang(byte[] asked, StreamObserver<byte[]> answer) {
        ((ServerCallStreamObserver<byte[]>) answer).setOnCancelHandler(() -> cancelled.add("hang"));
    }

    public int port() {
        return server.getPort();
    }

    public int calls() {
        return calls.get();
    }

    /** Connections that calls have come over. */
    int peers() {
        return peers.size();
    }

    /** The fields of the next call. */
    Metadata next() throws InterruptedException {
        Metadata headers = metadata.poll(10, TimeUnit.SECONDS);
        if (headers == null) {
            throw new AssertionError("no call has come");
        }
        return headers;
    }

    /** The next call that was cancelled. */
    String nextCancelled() throws InterruptedException {
        return cancelled.poll(10, TimeUnit.SECONDS);
    }

    static CallOptions in(long millis) {
        return CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
