package io.sluice.state.health;

import io.sluice.state.wire.WireMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.cluster.ddata.AbstractDeltaReplicatedData;
import org.apache.pekko.cluster.ddata.ReplicatedDelta;
import org.apache.pekko.cluster.ddata.ReplicatedDeltaSize;
import org.jspecify.annotations.Nullable;

/**
 * All verdicts of a shard, as Distributed Data replicates them. Merging takes the later horizon and of each address the later verdict; those
 * with a version before the horizon are gone. The later of two verdicts is the one that stays longer, so dropping commutes with
 * merging, which is commutative, associative and idempotent. A delta is a ledger with a few verdicts. Immutable.
 *
 * <p>There are only verdicts on addresses that were down lately. A delta with many is not sent as one: the whole ledgers follow, as
 * many in a message as fit.
 */
final class VerdictLedger extends AbstractDeltaReplicatedData<VerdictLedger, VerdictLedger>
        implements ReplicatedDelta, ReplicatedDeltaSize, WireMessage {

    static final VerdictLedger EMPTY = new VerdictLedger(0, new TreeMap<>(), null);

    private final long horizon;
    private final Map<TargetAddress, Verdict> verdicts;
    private final @Nullable VerdictLedger delta;

    private VerdictLedger(long horizon, Map<TargetAddress, Verdict> verdicts, @Nullable VerdictLedger delta) {
        this.horizon = horizon;
        this.verdicts = verdicts;
        this.delta = delta;
    }

    /** Of verdicts in any order; of those on the same address the latest counts. */
    static VerdictLedger of(long horizon, Collection<Verdict> verdicts) {
        Map<TargetAddress, Verdict> sorted = new TreeMap<>();
        add(sorted, horizon, verdicts);
        return new VerdictLedger(horizon, sorted, null);
    }

    private static void add(Map<TargetAddress, Verdict> sorted, long horizon, Collection<Verdict> more) {
        for (Verdict verdict : more) {
            if (verdict.version() >= horizon) {
                sorted.merge(verdict.address(), verdict, Verdict::merge);
            }
        }
    }

    long horizon() {
        return horizon;
    }

    /** In the order of their addresses, which makes equal ledgers equal bytes. */
    List<Verdict> verdicts() {
        return List.copyOf(verdicts.values());
    }

    /** Whether a horizon is one that would drop verdicts. */
    boolean isBehind(long later) {
        return verdicts.values().stream().anyMatch(verdict -> verdict.version() < later);
    }

    /** This with more verdicts, as an update that travels as a delta. */
    VerdictLedger with(Collection<Verdict> more) {
        return changedBy(of(horizon, more));
    }

    /** This without what is older, as an update that travels as a delta. */
    VerdictLedger since(long later) {
        return changedBy(of(later, List.of()));
    }

    private VerdictLedger changedBy(VerdictLedger change) {
        VerdictLedger next = mergeData(change);
        return new VerdictLedger(next.horizon, next.verdicts, delta == null ? change : delta.mergeData(change));
    }

    /** What is here and not in an earlier version of the same ledger. */
    List<Verdict> newerThan(VerdictLedger seen) {
        List<Verdict> fresh = new ArrayList<>();
        for (Verdict verdict : verdicts.values()) {
            if (!verdict.equals(seen.verdicts.get(verdict.address()))) {
                fresh.add(verdict);
            }
        }
        return fresh;
    }

    @Override
    public VerdictLedger mergeData(VerdictLedger that) {
        long later = Math.max(horizon, that.horizon);
        Map<TargetAddress, Verdict> merged = new TreeMap<>();
        add(merged, later, verdicts.values());
        add(merged, later, that.verdicts.values());
        return new VerdictLedger(later, merged, null);
    }

    @Override
    public Optional<VerdictLedger> deltaData() {
        return Optional.ofNullable(delta);
    }

    @Override
    public VerdictLedger mergeDeltaData(VerdictLedger change) {
        return mergeData(change);
    }

    @Override
    public VerdictLedger resetDelta() {
        return delta == null ? this : new VerdictLedger(horizon, verdicts, null);
    }

    @Override
    public int deltaSize() {
        return verdicts.size();
    }

    @Override
    public VerdictLedger zero() {
        return EMPTY;
    }

    /** What is still to be sent does not count. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerdictLedger that && horizon == that.horizon && verdicts.equals(that.verdicts);
    }

    @Override
    public int hashCode() {
        return verdicts.hashCode() * 31 + Long.hashCode(horizon);
    }

    @Override
    public String toString() {
        return "verdicts since " + horizon + ": " + verdicts.values();
    }
}
