package io.sluice.state.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.state.membership.ClusterNodeSettings.Tls;
import io.sluice.state.membership.Peers.Discovered;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;

/** What Pekko is told for one run of the cluster's actor system. */
final class SystemConfig {

    /** After how long silent nodes on the list do not keep a majority of it from founding, where the actor system finds it. */
    static final String FOUND_WITHOUT = "sluice.cluster.found-without-after";

    private static final String BOOTSTRAP = "pekko.management.cluster.bootstrap";
    private static final String SSL = "pekko.remote.artery.ssl.";

    private SystemConfig() {}

    /** The block {@code sluice.cluster} with what the settings lay over it. */
    static Config own(ClusterNodeSettings settings) {
        return settings.more().withFallback(ConfigFactory.load().getConfig("sluice.cluster"));
    }

    /**
     * All of it.
     *
     * @param again whether the node was a member before: then it may found a cluster only if every other contact says that there is
     *     none, never because nobody answers
     */
    static Config of(ClusterNodeSettings settings, boolean again) {
        Config own = own(settings);
        Map<String, Object> values = new HashMap<>();
        values.put("pekko.remote.artery.canonical.hostname", settings.host());
        values.put("pekko.remote.artery.canonical.port", settings.port());
        values.put("pekko.cluster.seed-node-timeout", patience(settings, own, again));
        settings.managementPort().ifPresent(port -> {
            values.put("pekko.management.http.hostname", settings.host());
            values.put("pekko.management.http.port", port);
        });
        settings.tls().ifPresent(tls -> values.putAll(secured(tls)));
        if (settings.peers() instanceof Discovered) {
            values.put(BOOTSTRAP + ".new-cluster-enabled", settings.newCluster());
            values.put("pekko.management.http.routes.cluster-bootstrap", ClusterBootstrap.class.getName() + "$");
            values.put(FOUND_WITHOUT, own.getDuration("found-without-after"));
            // Whom it was told to join may be gone for good; then it has to look again.
            values.put(
                    "pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes", own.getDuration("look-again-after"));
        }
        // Laid under before it is loaded: what other keys are derived from must be there by then.
        return ConfigFactory.load(ConfigFactory.parseMap(values)
                .withFallback(search(settings.peers()))
                .withFallback(own.getConfig("system"))
                .withFallback(ConfigFactory.defaultApplication()));
    }

    private static Config search(Peers peers) {
        return peers instanceof Discovered discovered ? discovered.system() : ConfigFactory.empty();
    }

    /** Pekko has one key for two things: how long the first seed waits before it founds, and how often others ask. */
    private static Duration patience(ClusterNodeSettings settings, Config own, boolean again) {
        if (!settings.foundsAsSeed()) {
            return own.getDuration("join-interval");
        }
        return again ? Duration.ofDays(1) : own.getDuration("found-after");
    }

    private static Map<String, Object> secured(Tls tls) {
        return Map.of(
                "pekko.remote.artery.transport",
                "tls-tcp",
                SSL + "ssl-engine-provider",
                WatchedEngines.class.getName(),
                SSL + "rotating-keys-engine.key-file",
                tls.key().toString(),
                SSL + "rotating-keys-engine.cert-file",
                tls.certificate().toString(),
                SSL + "rotating-keys-engine.ca-cert-file",
                tls.authority().toString());
    }

    static MembersKeeper.Pace pace(ClusterNodeSettings settings) {
        Config own = own(settings);
        return new MembersKeeper.Pace(
                own.getDuration("first-ping-interval"),
                own.getDuration("ping-interval"),
                own.getDuration("contact-time"),
                own.getDuration("hello-interval"),
                settings.peers());
    }

    /** How long to wait before the node joins again, after so many times that led nowhere. */
    static Duration rejoinDelay(ClusterNodeSettings settings, int failures) {
        Config delay = own(settings).getConfig("rejoin-delay");
        Duration grown = delay.getDuration("first").multipliedBy(1L << Math.min(failures, 16));
        Duration most = delay.getDuration("most");
        return grown.compareTo(most) < 0 ? grown : most;
    }

    static Duration handoverTime(ClusterNodeSettings settings) {
        return own(settings).getDuration("handover-time");
    }

    static Duration leaveTime(ClusterNodeSettings settings) {
        return own(settings).getDuration("leave-time");
    }

    static Duration endTime(ClusterNodeSettings settings) {
        return own(settings).getDuration("end-time");
    }

    static Optional<String> bindFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        return Optional.empty();
    }
}
