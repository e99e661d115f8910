package io.sluice.state.limit.crdt;

import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.LaneCounters;
import io.sluice.state.limit.disk.Durability;

/**
 * What a node's limits have done since it started.
 *
 * @param keys how many keys are remembered, also by limits of this node only
 * @param heard messages from members
 * @param dropped messages from nodes that are no members
 * @param unreadable messages of any kind from other nodes that could not be read
 * @param refused connections between nodes that were closed because of what the other end sent
 * @param ledgerRows rows of transfers that are remembered now
 * @param fastSent bytes of messages to other nodes
 * @param fastReceived bytes of messages from other nodes
 * @param slowSent bytes of ledgers to other nodes; what is sent to several at once counts once
 * @param slowReceived bytes of ledgers from other nodes
 * @param durability whether what is spent of long limits outlives the cluster
 */
public record LimitCounts(
        LaneCounters lanes,
        KeyBudget keys,
        long heard,
        long dropped,
        long unreadable,
        long refused,
        long ledgerRows,
        long fastSent,
        long fastReceived,
        long slowSent,
        long slowReceived,
        Durability durability) {}
