package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.wire.WireBytes;
import io.sluice.state.wire.WireMessage;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws that let verdicts be replicated in any order, any number of times. */
class VerdictLedgerProperties {

    private static final WireBytes WIRE = new WireBytes(ClusterHealth.codecs());

    /** Few different addresses and versions, so that they meet. */
    @Provide
    Arbitrary<Verdict> verdict() {
        return Combinators.combine(
                        Arbitraries.of(HealthSamples.ONE, HealthSamples.OTHER),
                        Arbitraries.longs().between(0, 6),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Cause.class),
                        Arbitraries.of(3L, -4L),
                        Arbitraries.longs().between(0, 2),
                        Arbitraries.of("", "status 503"))
                .as(Verdict::new);
    }

    @Provide
    Arbitrary<VerdictLedger> ledger() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 5), verdict().list().ofMaxSize(8))
                .as(VerdictLedger::of);
    }

    @Property
    void verdictsMergeInAnyOrderAnyNumberOfTimes(
            @ForAll("verdict") Verdict one, @ForAll("verdict") Verdict two, @ForAll("verdict") Verdict three) {
        assertThat(one.merge(two)).isEqualTo(two.merge(one));
        assertThat(one.merge(two).merge(three)).isEqualTo(one.merge(two.merge(three)));
        assertThat(one.merge(one)).isEqualTo(one);
    }

    @Property
    void mergingIsCommutative(@ForAll("ledger") VerdictLedger one, @ForAll("ledger") VerdictLedger two) {
        assertThat(one.mergeData(two)).isEqualTo(two.mergeData(one));
    }

    @Property
    void mergingIsAssociative(
            @ForAll("ledger") VerdictLedger one,
            @ForAll("ledger") VerdictLedger two,
            @ForAll("ledger") VerdictLedger three) {
        assertThat(one.mergeData(two).mergeData(three)).isEqualTo(one.mergeData(two.mergeData(three)));
    }

    @Property
    void mergingIsIdempotent(@ForAll("ledger") VerdictLedger one, @ForAll("ledger") VerdictLedger two) {
        assertThat(one.mergeData(one)).isEqualTo(one);
        assertThat(one.mergeData(two).mergeData(two)).isEqualTo(one.mergeData(two));
    }

    @Property
    void deltasBringWhatFullStateBrings(
            @ForAll("ledger") VerdictLedger one,
            @ForAll("ledger") VerdictLedger two,
            @ForAll("ledger") VerdictLedger more) {
        VerdictLedger changed = one.resetDelta().with(more.verdicts()).since(more.horizon());

        VerdictLedger byDelta =
                two.mergeData(one).mergeDeltaData(changed.deltaData().orElseThrow());

        assertThat(byDelta).isEqualTo(two.mergeData(changed));
    }

    @Property
    void equalLedgersAreEqualBytesAndComeBackTheSame(@ForAll("ledger") VerdictLedger ledger, @ForAll Random random) {
        List<Verdict> shuffled = new java.util.ArrayList<>(ledger.verdicts());
        Collections.shuffle(shuffled, random);
        VerdictLedger same = VerdictLedger.of(ledger.horizon(), shuffled);

        byte[] bytes = WIRE.bytes(ledger);

        assertThat(WIRE.bytes(same)).isEqualTo(bytes);
        assertThat(WIRE.read(VerdictLedger.class, bytes)).isEqualTo(ledger);
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll Random random) {
        List<WireMessage> samples = HealthSamples.all();
        WireMessage sample = samples.get(random.nextInt(samples.size()));
        byte[] valid = WIRE.bytes(sample);
        byte[] broken = valid.clone();
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));

        WireMessage read = WIRE.readOrNull(sample.getClass(), broken);
        WireMessage noise = WIRE.readOrNull(sample.getClass(), bytes);

        assertThat(read == null || read instanceof WireMessage).isTrue();
        assertThat(noise == null || !noise.equals(sample) || java.util.Arrays.equals(bytes, valid))
                .isTrue();
    }
}
