package io.sluice.state.limit.crdt;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ddata.ReplicatorSettings;
import scala.concurrent.duration.FiniteDuration;

/**
 * How ledgers are replicated: {@code sluice.limits} of the cluster's actor system.
 *
 * @param replicators how many, the same on all nodes
 * @param publish how often what has changed is given to them
 * @param most how many rows each of them is given at once
 * @param forget how often ledgers are looked through for what is over
 * @param bootstrap how long a node that joins may read what others have
 */
record ReplicationSettings(
        int replicators,
        ReplicatorSettings replicator,
        Duration publish,
        int most,
        Duration forget,
        Duration bootstrap) {

    static ReplicationSettings of(ActorSystem<?> system) {
        Config all = system.settings().config();
        Config own = all.getConfig("sluice.limits");
        return new ReplicationSettings(
                own.getInt("replicators"),
                withoutPruning(ReplicatorSettings.apply(
                        own.getConfig("replicator").withFallback(all.getConfig("pekko.cluster.distributed-data")))),
                own.getDuration("publish-interval"),
                own.getInt("publish-rows"),
                own.getDuration("forget-interval"),
                own.getDuration("bootstrap-time"));
    }

    /** Entries do not belong to nodes. Pekko 1.7 reads {@code pruning-interval = off} as 0, and takes 0 for an interval. */
    private static ReplicatorSettings withoutPruning(ReplicatorSettings settings) {
        return settings.withPruning(
                FiniteDuration.apply(-1, TimeUnit.MILLISECONDS), settings.maxPruningDissemination());
    }
}
