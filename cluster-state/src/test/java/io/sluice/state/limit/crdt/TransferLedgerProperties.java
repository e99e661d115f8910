package io.sluice.state.limit.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.wire.WireBytes;
import io.sluice.state.wire.WireMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws that let ledgers be replicated in any order, any number of times. */
class TransferLedgerProperties {

    private static final WireBytes WIRE = new WireBytes(LimitSamples.codecs());

    /** Few different keys, so that ledgers overlap. */
    @Provide
    Arbitrary<TransferRow> row() {
        Arbitrary<Long> small = Arbitraries.longs().between(0, 2);
        Arbitrary<Long> count = Arbitraries.oneOf(small, Arbitraries.longs().between(0, 1L << 40));
        return Combinators.combine(
                        Arbitraries.of(new UUID(1, 1), new UUID(-5, 2)),
                        Arbitraries.of(0L, -1L, 1L << 60),
                        Arbitraries.integers().between(0, TransferRow.CONCURRENT),
                        Arbitraries.longs().between(3, 6),
                        Arbitraries.of(1L, Long.MIN_VALUE),
                        Arbitraries.of(1L, 2L),
                        count,
                        count)
                .as((rule, hash, slot, generation, donor, recipient, free, locked) -> new TransferRow(
                        rule,
                        hash,
                        slot,
                        generation,
                        (int) (locked % 3),
                        donor,
                        recipient,
                        free,
                        locked,
                        free * 1_000));
    }

    @Provide
    Arbitrary<List<TransferRow>> rows() {
        return row().list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<TransferLedger> ledger() {
        return Combinators.combine(Arbitraries.longs().between(0, 7), rows()).as(TransferLedger::of);
    }

    @Property
    void mergingIsCommutative(@ForAll("ledger") TransferLedger a, @ForAll("ledger") TransferLedger b) {
        assertThat(a.mergeData(b)).isEqualTo(b.mergeData(a));
    }

    @Property
    void mergingIsAssociative(
            @ForAll("ledger") TransferLedger a,
            @ForAll("ledger") TransferLedger b,
            @ForAll("ledger") TransferLedger c) {
        assertThat(a.mergeData(b).mergeData(c)).isEqualTo(a.mergeData(b.mergeData(c)));
    }

    @Property
    void mergingIsIdempotentAndMakesNothingNew(@ForAll("ledger") TransferLedger a, @ForAll("ledger") TransferLedger b) {
        TransferLedger both = a.mergeData(b);

        assertThat(both.mergeData(b)).isSameAs(both);
        assertThat(both.mergeData(a)).isSameAs(both);
        assertThat(both.mergeData(both)).isSameAs(both);
    }

    @Property
    void deltasBringAReplicaToTheSameStateInAnyOrder(
            @ForAll("ledger") TransferLedger start,
            @ForAll List<@net.jqwik.api.From("rows") List<TransferRow>> updates,
            @ForAll("ledger") TransferLedger other,
            @ForAll long seed) {
        TransferLedger writer = start;
        List<TransferLedger> deltas = new ArrayList<>();
        for (List<TransferRow> update : updates) {
            TransferLedger next = update.size() % 5 == 4 ? writer.since(update.size() / 5 + 2) : writer.with(update);
            deltas.add(next.deltaData().orElseThrow());
            writer = next.resetDelta();
        }
        Collections.shuffle(deltas, new Random(seed));

        TransferLedger replica = start.mergeData(other);
        for (TransferLedger delta : deltas) {
            replica = replica.mergeDeltaData(delta).mergeDeltaData(delta);
        }

        assertThat(replica).isEqualTo(writer.mergeData(other));
    }

    @Property
    void deltaGroupIsTheSumOfItsUpdates(
            @ForAll("ledger") TransferLedger start,
            @ForAll("rows") List<TransferRow> one,
            @ForAll("rows") List<TransferRow> two) {
        TransferLedger after = start.with(one).with(two);

        assertThat(start.mergeDeltaData(after.deltaData().orElseThrow())).isEqualTo(after);
        assertThat(after.resetDelta().deltaData()).isEmpty();
    }

    @Property
    void nothingOlderThanTheHorizonIsLeft(@ForAll("ledger") TransferLedger a, @ForAll("ledger") TransferLedger b) {
        TransferLedger both = a.mergeData(b);

        assertThat(both.horizon()).isEqualTo(Math.max(a.horizon(), b.horizon()));
        assertThat(both.rows()).allMatch(row -> row.generation() >= both.horizon());
        assertThat(both.isBehind(both.horizon())).isFalse();
    }

    @Property
    void newsIsWhatMakesTheOldTheNew(@ForAll("ledger") TransferLedger old, @ForAll("ledger") TransferLedger other) {
        TransferLedger now = old.mergeData(other);

        List<TransferRow> news = now.newerThan(old);

        assertThat(old.with(news).since(now.horizon())).isEqualTo(now);
        assertThat(news).noneMatch(old.rows()::contains);
        assertThat(now.newerThan(now)).isEmpty();
    }

    @Property
    void equalStateIsEqualBytesAndComesBack(
            @ForAll("rows") List<TransferRow> rows, @ForAll long seed, @ForAll("ledger") TransferLedger more) {
        List<TransferRow> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));

        TransferLedger one = TransferLedger.of(0, rows).mergeData(more);
        TransferLedger other = more.mergeData(TransferLedger.of(0, shuffled));

        assertThat(WIRE.bytes(one)).isEqualTo(WIRE.bytes(other));
        assertThat(WIRE.read(TransferLedger.class, WIRE.bytes(one))).isEqualTo(one);
    }

    @Property
    void batchComesBack(@ForAll("rows") List<TransferRow> rows, @ForAll long number, @ForAll long[] visited) {
        List<PoolMessage> messages = new ArrayList<>();
        for (TransferRow row : rows) {
            messages.add(new PoolMessage.Grant(row, number));
            messages.add(new PoolMessage.Ask(
                    row.rule(), row.hash(), row.slot(), row.donor(), number, 1, row.free(), row.locked(), visited, 5));
            messages.add(new PoolMessage.Empty(row.rule(), row.hash(), row.slot(), number, row.notBefore()));
        }
        Batch batch = new Batch(WireBytes.SENDER, messages);

        assertThat(WIRE.read(Batch.class, WIRE.bytes(batch))).hasToString(batch.toString());
    }

    /** A row takes at least 16 bytes, so what is read cannot be much larger than what was sent. */
    @Property
    void anyBytesAreALedgerOrRefused(@ForAll byte[] tail, @ForAll("ledger") TransferLedger ledger, @ForAll int at) {
        byte[] bytes = WIRE.bytes(ledger);
        byte[] broken = bytes.clone();
        for (int i = 0; i < tail.length; i++) {
            broken[Math.floorMod(at + i, broken.length - 1) + 1] = tail[i];
        }

        WireMessage read = WIRE.readOrNull(TransferLedger.class, broken);

        if (read instanceof TransferLedger readable) {
            assertThat(readable.size()).isLessThanOrEqualTo(broken.length / 16);
            assertThat(readable.rows()).allMatch(row -> row.generation() >= readable.horizon() && row.free() >= 0);
            assertThat(WIRE.read(TransferLedger.class, WIRE.bytes(readable))).isEqualTo(readable);
        }
    }
}
