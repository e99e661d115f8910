package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Estates;
import io.sluice.state.wire.WireMessage;
import org.apache.pekko.cluster.ddata.AbstractReplicatedData;
import org.apache.pekko.cluster.ddata.Key;
import org.jspecify.annotations.Nullable;

/** Who owns what, as Distributed Data replicates it: small and seldom changed, so always sent as a whole. Immutable. */
final class EstatesState extends AbstractReplicatedData<EstatesState> implements WireMessage {

    static final EstatesState NONE = new EstatesState(Estates.NONE);
    static final Key<EstatesState> KEY = new Key<>("limits-estates") {};

    private final Estates estates;

    EstatesState(Estates estates) {
        this.estates = estates;
    }

    Estates estates() {
        return estates;
    }

    @Override
    public EstatesState mergeData(EstatesState that) {
        return new EstatesState(estates.merge(that.estates));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EstatesState that && estates.equals(that.estates);
    }

    @Override
    public int hashCode() {
        return estates.hashCode();
    }

    @Override
    public String toString() {
        return "estates: " + estates;
    }
}
