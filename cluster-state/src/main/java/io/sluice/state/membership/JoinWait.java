package io.sluice.state.membership;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.discovery.ServiceDiscovery.ResolvedTarget;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesInformation;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesObservation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what keeps a node from joining or founding a cluster, once a minute and when it is something else. One thread. */
final class JoinWait {

    private static final Logger log = LoggerFactory.getLogger(JoinWait.class);
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final String selfHost;
    private final boolean newCluster;
    private LocalDateTime toldAt = LocalDateTime.MIN;
    private String told = "";

    /**
     * @param newCluster whether the node may found one
     */
    JoinWait(String selfHost, boolean newCluster) {
        this.selfHost = selfHost;
        this.newCluster = newCluster;
    }

    /** Nobody who is listed knows of a cluster. */
    void tell(SeedNodesInformation seen, Set<SeedNodesObservation> answers) {
        if (toldAt.equals(LocalDateTime.MIN)) {
            toldAt = seen.currentTime();
        }
        // Also something new is not said before some time has passed.
        if (seen.currentTime().isBefore(toldAt.plus(QUIET))) {
            return;
        }
        Set<ResolvedTarget> answered =
                answers.stream().map(SeedNodesObservation::contactPoint).collect(Collectors.toSet());
        List<String> silent = seen.getContactPoints().stream()
                .filter(target -> !answered.contains(target))
                .map(ResolvedTarget::host)
                .sorted()
                .toList();
        List<String> listed = seen.getContactPoints().stream()
                .map(ResolvedTarget::host)
                .sorted()
                .toList();
        String reason = reason(listed, silent);
        if (reason.equals(told) && seen.currentTime().isBefore(toldAt.plus(BETWEEN_WARNINGS))) {
            return;
        }
        told = reason;
        toldAt = seen.currentTime();
        log.atWarn()
                .addKeyValue("self", selfHost)
                .addKeyValue("listed", listed)
                .addKeyValue("silent", silent)
                .log(reason);
    }

    private String reason(List<String> listed, List<String> silent) {
        if (!listed.contains(selfHost)) {
            return "no cluster is found, and none is founded: this node is not among those listed"
                    + " (expected: cluster_host as it is listed, labels and a port name that select it)";
        }
        if (!silent.isEmpty()) {
            return "no cluster is found, and not all that are listed answer at their management port";
        }
        return newCluster
                ? "no cluster is found yet: the lowest address founds one"
                : "no cluster is found, and this node may not found one: cluster_new is off";
    }
}
