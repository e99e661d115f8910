package io.sluice.state.membership;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrapSettings;
import org.apache.pekko.management.cluster.bootstrap.JoinDecision;
import org.apache.pekko.management.cluster.bootstrap.LowestAddressJoinDecider;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesInformation;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesObservation;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Decides whether to join, to found or to wait; the lowest address founds, as Pekko does it, with three differences.
 *
 * <p>Only what others said just now counts against a cluster of theirs: an answer from before they founded one would make a second one.
 * Whoever is listed and silent for long (its container fails again and again, its machine is gone) does not keep a majority of the list
 * from founding. And what it waits for is said in the log, once a minute.
 *
 * <p>Made by Pekko, by its name; asked by one actor, one question at a time.
 */
public final class FreshJoinDecider extends LowestAddressJoinDecider {

    private final JoinWait wait;
    private final Duration fresh;
    private final Duration patience;

    /** As Pekko calls it. */
    public FreshJoinDecider(ActorSystem system, ClusterBootstrapSettings settings) {
        super(system, settings);
        this.wait = new JoinWait(Cluster.get(system).selfAddress().getHost().orElse(""), settings.newClusterEnabled());
        this.fresh = settings.getContactPointDiscoveryStableMargin().dividedBy(2);
        this.patience = system.settings().config().getDuration(SystemConfig.FOUND_WITHOUT);
    }

    @Override
    public Future<JoinDecision> decide(SeedNodesInformation seen) {
        if (seen.hasSeedNodes()) {
            return super.decide(seen);
        }
        LocalDateTime oldest = seen.currentTime().minus(fresh);
        Set<SeedNodesObservation> recent = seen.getSeedNodesObservations().stream()
                .filter(one -> !one.observedAt().isBefore(oldest))
                .collect(Collectors.toSet());
        wait.tell(seen, recent);
        return super.decide(new SeedNodesInformation(
                seen.currentTime(),
                seen.contactPointsChangedAt(),
                seen.contactPoints(),
                CollectionConverters.asScala(recent).toSet()));
    }

    @Override
    public boolean isConfirmedCommunicationWithAllContactPointsRequired(SeedNodesInformation seen) {
        boolean majority =
                seen.seedNodesObservations().size() * 2 > seen.contactPoints().size();
        boolean waited = seen.contactPointsChangedAt().plus(patience).isBefore(seen.currentTime());
        return !(majority && waited);
    }
}
