package io.sluice.state.membership;

import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import org.apache.pekko.dispatch.Futures;
import scala.Option;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** A list of nodes as a test wants it, for all nodes of this JVM. Made by Pekko, by its name. */
public final class ListedPeers extends ServiceDiscovery {

    private static volatile List<String> hosts = List.of();
    private static volatile int port;
    private static volatile boolean failing;

    /** From now on these run, with Pekko Management at this port. */
    static void list(int managementPort, String... running) {
        port = managementPort;
        hosts = List.of(running);
        failing = false;
    }

    /** From now on nobody can say who runs. */
    static void fail() {
        failing = true;
    }

    static Peers.Discovered peers() {
        return new Peers.Discovered(ConfigFactory.parseMap(Map.of(
                "pekko.management.cluster.bootstrap.contact-point-discovery.discovery-method",
                "listed",
                "pekko.discovery.listed.class",
                ListedPeers.class.getName())));
    }

    @Override
    public Future<Resolved> lookup(Lookup lookup, FiniteDuration patience) {
        if (failing) {
            return Futures.failed(new IllegalStateException("nobody can say who runs"));
        }
        List<ResolvedTarget> targets = new ArrayList<>();
        for (String host : hosts) {
            targets.add(new ResolvedTarget(host, Option.apply(port), Option.<InetAddress>empty()));
        }
        return Futures.successful(new Resolved(
                lookup.serviceName(), CollectionConverters.asScala(targets).toList()));
    }
}
