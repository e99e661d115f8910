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
     * @param guards what else keeps its requests from upstreams; none of nodes of an early version
     */
    public record NodeView(
            long node,
            String address,
            boolean answered,
            boolean inContact,
            List<TargetView> targets,
            List<GuardView> guards) {

        public NodeView {
            targets = List.copyOf(targets);
            guards = List.copyOf(guards);
        }

        /** Without anything else. */
        public NodeView(long node, String address, boolean answered, boolean inContact, List<TargetView> targets) {
            this(node, address, answered, inContact, targets, List.of());
        }
    }

    /**
     * What keeps a node's requests from an upstream besides the health of its targets.
     *
     * @param upstream its name
     * @param circuit {@code closed}, {@code half_open} or {@code open}; empty without a circuit breaker
     * @param since when the circuit was last opened or closed, in agreed milliseconds since 1970; 0 if it is not known to have been
     * @param finder id of the node that did; 0 if that is not known
     * @param ejected addresses that this node leaves out as outliers, at most {@link #MOST_EJECTED}
     */
    public record GuardView(String upstream, String circuit, long since, long finder, List<String> ejected) {

        /** More are not shown. */
        public static final int MOST_EJECTED = 100;

        public GuardView {
            ejected = List.copyOf(ejected.size() > MOST_EJECTED ? ejected.subList(0, MOST_EJECTED) : ejected);
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
