package io.sluice.k8s.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import org.apache.pekko.discovery.ServiceDiscovery.Resolved;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

class PodDiscoveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AtomicInteger made = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void takesUpATokenThatWasReplaced() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "one");
        Path authority = Files.writeString(folder.resolve("ca.crt"), "A");
        PodDiscovery discovery = discovery(List.of(token, authority), () -> answering(token));

        assertThat(ask(discovery)).isEqualTo("one");
        assertThat(ask(discovery)).isEqualTo("one");
        assertThat(made).hasValue(1);

        Files.writeString(token, "two");

        assertThat(ask(discovery)).isEqualTo("two");
        assertThat(made).hasValue(2);
    }

    @Test
    void asksAgainWhereFilesWereMissingAtFirst() throws Exception {
        Path token = folder.resolve("token");
        PodDiscovery discovery = discovery(List.of(token), () -> {
            if (!Files.exists(token)) {
                throw new IllegalStateException("no file " + token);
            }
            return answering(token);
        });

        assertThatThrownBy(() -> ask(discovery))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("no file");
        Files.writeString(token, "one");

        assertThat(ask(discovery)).isEqualTo("one");
    }

    @Test
    void listThatTakesTooLongIsNone() {
        PodDiscovery discovery = discovery(List.of(), () -> new Answering(new CompletableFuture<>()));

        assertThatThrownBy(() -> discovery
                        .lookup(Lookup.create("x"), Duration.ofMillis(50))
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void namesTheMethodThePortAndTheLabels() {
        Config settings = PodDiscovery.settings("edge", "app=a,tier in (x, y)");

        assertThat(settings.getString("pekko.discovery.kubernetes-api.pod-namespace"))
                .isEqualTo("edge");
        assertThat(settings.getString("pekko.discovery.kubernetes-api.pod-label-selector"))
                .isEqualTo("app=a,tier in (x, y)");
        assertThat(settings.getString("pekko.management.cluster.bootstrap.contact-point-discovery.port-name"))
                .isEqualTo("management");
        assertThat(PodDiscovery.settings("", "app=a").hasPath("pekko.discovery.kubernetes-api.pod-namespace"))
                .as("the pod's own")
                .isFalse();
    }

    private PodDiscovery discovery(List<Path> files, Supplier<ServiceDiscovery> library) {
        return new PodDiscovery(
                files,
                () -> {
                    made.incrementAndGet();
                    return library.get();
                },
                Runnable::run,
                System::nanoTime);
    }

    private static String ask(PodDiscovery discovery) throws Exception {
        return discovery
                .lookup(Lookup.create("x"), PATIENCE)
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .serviceName();
    }

    /** One that read the token when it was made. */
    private static ServiceDiscovery answering(Path token) {
        try {
            return new Answering(CompletableFuture.completedFuture(new Resolved(
                    Files.readString(token),
                    CollectionConverters.asScala(new ArrayList<ServiceDiscovery.ResolvedTarget>())
                            .toList())));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Answering extends ServiceDiscovery {

        private final CompletableFuture<Resolved> answer;

        private Answering(CompletableFuture<Resolved> answer) {
            this.answer = answer;
        }

        @Override
        public Future<Resolved> lookup(Lookup lookup, FiniteDuration patience) {
            return FutureConverters.asScala(answer);
        }
    }
}
