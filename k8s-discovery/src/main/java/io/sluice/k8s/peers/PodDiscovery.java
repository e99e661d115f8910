package io.sluice.k8s.peers;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import org.apache.pekko.discovery.kubernetes.KubernetesApiServiceDiscovery;
import org.apache.pekko.dispatch.Dispatchers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.FutureConverters;

/**
 * Lists the pods of the gateway by Pekko's discovery for the Kubernetes API, and goes on where that one stops: it reads the account's
 * token and the server's authority once and fails for good without them, and waits for a silent server for as long as its pool does.
 * Here another one is made when a file has changed, and a list that takes too long counts as none.
 *
 * <p>Made by Pekko, by its name. Any thread.
 */
public final class PodDiscovery extends ServiceDiscovery {

    /** Name of the port of Pekko Management in the pods. */
    public static final String PORT = "management";

    private static final Logger log = LoggerFactory.getLogger(PodDiscovery.class);
    private static final String METHOD = "sluice-pods";
    private static final String LIBRARY = "pekko.discovery.kubernetes-api.";
    /** A JVM that has just started is slow; nobody needs to know. */
    private static final long BEFORE_WARNING = TimeUnit.SECONDS.toNanos(3);

    private static final long BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);

    private final List<Path> files;
    private final Supplier<ServiceDiscovery> library;
    private final Executor blocking;
    private final LongSupplier nanoTime;
    private @Nullable ServiceDiscovery current;
    private List<String> read = List.of();
    private OptionalLong failingSince = OptionalLong.empty();
    private String told = "";
    private long toldAt;

    /** As Pekko calls it. */
    public PodDiscovery(ExtendedActorSystem system) {
        this(
                files(system.settings().config()),
                () -> new KubernetesApiServiceDiscovery((ActorSystem) system),
                system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId()),
                System::nanoTime);
    }

    /**
     * As a test calls it.
     *
     * @param files whose contents the library has read when it was made
     * @param blocking where files are read
     */
    PodDiscovery(List<Path> files, Supplier<ServiceDiscovery> library, Executor blocking, LongSupplier nanoTime) {
        this.files = files;
        this.library = library;
        this.blocking = blocking;
        this.nanoTime = nanoTime;
    }

    /**
     * What Pekko is told to find the pods of a cluster.
     *
     * @param namespace where they are; empty for that of this pod
     * @param selector the labels by which they are selected, as the Kubernetes API takes them
     */
    public static Config settings(String namespace, String selector) {
        Map<String, Object> values = new HashMap<>();
        String discovery = "pekko.management.cluster.bootstrap.contact-point-discovery.";
        values.put(discovery + "discovery-method", METHOD);
        values.put(discovery + "port-name", PORT);
        values.put("pekko.discovery." + METHOD + ".class", PodDiscovery.class.getName());
        values.put(LIBRARY + "pod-label-selector", selector.replace("%", "%%"));
        values.put(LIBRARY + "use-raw-ip", true);
        if (!namespace.isEmpty()) {
            values.put(LIBRARY + "pod-namespace", namespace);
        }
        return ConfigFactory.parseMap(values);
    }

    private static List<Path> files(Config config) {
        return List.of(
                Path.of(config.getString(LIBRARY + "api-token-path")),
                Path.of(config.getString(LIBRARY + "api-ca-path")));
    }

    @Override
    public Future<Resolved> lookup(Lookup lookup, FiniteDuration patience) {
        CompletableFuture<Resolved> found = CompletableFuture.supplyAsync(this::current, blocking)
                .thenCompose(discovery -> FutureConverters.asJava(discovery.lookup(lookup, patience)))
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((pods, failure) -> tell(failure, Duration.ofMillis(patience.toMillis())));
        return FutureConverters.asScala(found);
    }

    /** The library's discovery that has read the files as they are now. */
    private synchronized ServiceDiscovery current() {
        List<String> now = files.stream().map(PodDiscovery::content).toList();
        if (current == null || !read.equals(now)) {
            current = library.get();
            read = now;
        }
        return current;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private synchronized void tell(@Nullable Throwable failure, Duration patience) {
        long now = nanoTime.getAsLong();
        if (failure == null) {
            if (!told.isEmpty()) {
                log.info("the pods can be listed again");
            }
            told = "";
            failingSince = OptionalLong.empty();
            return;
        }
        if (failingSince.isEmpty()) {
            failingSince = OptionalLong.of(now);
        }
        String reason = reason(failure, patience);
        boolean lasts = now - failingSince.getAsLong() >= BEFORE_WARNING;
        boolean isNew = !reason.equals(told) || now - toldAt >= BETWEEN_WARNINGS;
        if (lasts && isNew) {
            told = reason;
            toldAt = now;
            log.atWarn()
                    .addKeyValue("verb", "list")
                    .addKeyValue("resource", "pods")
                    .addKeyValue("reason", reason)
                    .log("the Kubernetes API does not say which nodes there are; it is asked again until it does");
        }
    }

    private static String reason(Throwable failure, Duration patience) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof java.util.concurrent.TimeoutException) {
            return "no answer within " + patience.toMillis() + " ms";
        }
        String text = String.valueOf(cause.getMessage());
        return text.startsWith("Forbidden")
                ? "the service account may not list pods (expected: a Role with verb list for resource pods)"
                : cause.getClass().getSimpleName() + ": " + text;
    }
}
