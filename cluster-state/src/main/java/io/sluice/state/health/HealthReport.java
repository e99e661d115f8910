package io.sluice.state.health;

import java.util.List;
import java.util.Optional;

/**
 * What each node of the cluster thinks of each address, and why.
 *
 * @param nodes this node first
 */
public record HealthReport(List<NodeView> nodes) {

    public HealthReport {
        nodes = List.copyOf(nodes);
    }

    /**
     * One node.
     *
     * @param node its id
     * @param address {@code host:port} of its cluster port
     * @param answered whether it said something in time; if not, the rest is empty
     * @param inContact whether it takes part in verdicts: it hears from a majority
     * @param targets all addresses that it watches, in order
     */
    public record NodeView(long node, String address, boolean answered, boolean inContact, List<TargetView> targets) {

        public NodeView {
            targets = List.copyOf(targets);
        }
    }

    /**
     * One address.
     *
     * @param usable whether requests of that node go there
     * @param verdict of the cluster, as that node knows it
     * @param owner id of the node that probes it
     * @param second id of the one that is asked when the owner finds it down; 0 if there is none
     * @param traffic what that node's requests have seen
     * @param probes what its probes have seen
     * @param lastProbe the result of its last probe in a few words; empty if it has not probed it lately
     */
    public record TargetView(
            TargetAddress address,
            boolean usable,
            Optional<Verdict> verdict,
            OwnOpinion own,
            long owner,
            long second,
            Evidence traffic,
            Evidence probes,
            String lastProbe) {

        TargetView withTraffic(Evidence other) {
            return new TargetView(address, usable, verdict, own, owner, second, other, probes, lastProbe);
        }
    }
}
