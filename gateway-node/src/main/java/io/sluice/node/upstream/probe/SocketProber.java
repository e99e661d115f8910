package io.sluice.node.upstream.probe;

import io.sluice.node.tls.TlsProfile;
import io.sluice.state.health.Healthchecks;
import io.sluice.state.health.ProbeResult;
import io.sluice.state.health.Prober;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.model.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Probes over real connections: one for each probe, ended with it. Of an answer no more is read than says what it is, and no
 * redirect is followed. Thread-safe; how many probes run at once is the caller's choice.
 */
public final class SocketProber implements Prober {

    private final ActorSystem system;
    private final ProbeTls tls;

    /**
     * @param system where the connections live
     */
    public SocketProber(ActorSystem system, ProbeTls tls) {
        this.system = system;
        this.tls = tls;
    }

    @Override
    public CompletionStage<ProbeResult> probe(
            TargetAddress address, Healthchecks.Active how, Optional<String> hostHeader) {
        Duration patience = how.patience();
        try {
            ProbeSocket socket = new ProbeSocket(system, place(address), patience);
            return ending(begin(new Order(address, how, hostHeader), socket), socket, patience);
        } catch (UnknownHostException | RuntimeException e) {
            return CompletableFuture.completedFuture(new ProbeResult.Refused(Reason.of(e)));
        }
    }

    /** What came of it, in time; the connection does not outlive it. */
    private static CompletionStage<ProbeResult> ending(
            CompletableFuture<ProbeResult> begun, ProbeSocket socket, Duration patience) {
        return begun.exceptionally(failure -> new ProbeResult.Refused(Reason.of(failure)))
                .completeOnTimeout(new ProbeResult.TimedOut(), patience.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((result, none) -> {
                    if (result instanceof ProbeResult.Answered) {
                        socket.close();
                    } else {
                        socket.abort();
                    }
                });
    }

    private CompletableFuture<ProbeResult> begin(Order order, ProbeSocket socket) {
        return switch (order.how().type()) {
            case TCP -> connect(socket);
            case HTTP -> head(order, socket, Optional.empty());
            case HTTPS -> profile(order).thenCompose(profile -> head(order, socket, engines(order, profile)));
            case GRPC -> grpc(order, socket, Optional.empty());
            case GRPCS -> profile(order).thenCompose(profile -> grpc(order, socket, engines(order, profile)));
        };
    }

    private CompletableFuture<ProbeResult> connect(ProbeSocket socket) {
        return Source.<ByteString>maybe()
                .viaMat(socket.bytes(), Keep.right())
                .to(Sink.ignore())
                .run(materializer())
                .<ProbeResult>thenApply(connection -> new ProbeResult.Answered(200))
                .toCompletableFuture();
    }

    private CompletableFuture<ProbeResult> head(Order order, ProbeSocket socket, Optional<Supplier<SSLEngine>> engine) {
        var connection = engine.<Flow<ByteString, ByteString, ?>>map(made -> TlsFlow.of(made, socket.bytes()))
                .orElse(socket.bytes());
        var request = HeadProbe.request(
                order.how().httpPath(), order.host(), order.how().headers());
        return answered(HeadProbe.run(connection, request, materializer()));
    }

    private CompletableFuture<ProbeResult> grpc(Order order, ProbeSocket socket, Optional<Supplier<SSLEngine>> engine) {
        return answered(GrpcProbe.run(system, socket, order.authority(), order.service(), engine));
    }

    private static CompletableFuture<ProbeResult> answered(CompletionStage<Optional<Integer>> status) {
        return status.thenApply(told -> told.<ProbeResult>map(ProbeResult.Answered::new)
                        .orElse(new ProbeResult.Refused("closed without an answer")))
                .toCompletableFuture();
    }

    private Materializer materializer() {
        return SystemMaterializer.get(system).materializer();
    }

    private CompletableFuture<TlsProfile> profile(Order order) {
        return tls.profile(order.how().verifyCertificate());
    }

    private static Optional<Supplier<SSLEngine>> engines(Order order, TlsProfile profile) {
        return Optional.of(
                () -> profile.engine(order.serverName(), order.address().port()));
    }

    private static InetSocketAddress place(TargetAddress address) throws UnknownHostException {
        byte[] bytes = Cidr.addressBytes(address.ip())
                .orElseThrow(() -> new IllegalArgumentException("ip: " + address.ip() + " (expected: an IP address)"));
        return new InetSocketAddress(InetAddress.getByAddress(bytes), address.port());
    }

    /** One probe and the names it uses. */
    private record Order(TargetAddress address, Healthchecks.Active how, Optional<String> hostHeader) {

        /** The target's own name, an IPv6 address in brackets. */
        private String targetHost() {
            return address.target().substring(0, Math.max(0, address.target().lastIndexOf(':')));
        }

        /** As in Kong without the target's port. */
        String host() {
            return hostHeader.orElseGet(this::targetHost);
        }

        String authority() {
            return hostHeader.orElseGet(address::target);
        }

        /** What TLS asks for: a name or an address, without port and brackets. */
        String serverName() {
            return how.httpsSni().orElseGet(() -> bare(host()));
        }

        private static String bare(String host) {
            int bracket = host.indexOf(']');
            if (host.startsWith("[") && bracket > 0) {
                return host.substring(1, bracket);
            }
            int colon = host.indexOf(':');
            return colon < 0 || colon != host.lastIndexOf(':') ? host : host.substring(0, colon);
        }

        /** The path names the service for gRPC; "/" is the server as a whole. */
        String service() {
            return how.httpPath().substring(1);
        }
    }
}
