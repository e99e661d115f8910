package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Era;
import io.sluice.state.limit.Estates;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.limit.Turn;
import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireMessage;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One of each thing that the lanes of limits send, as node 42 sends it. */
public final class LimitSamples {

    private static final UUID RULE = new UUID(0x1111, 0x2222);
    private static final UUID OTHER = new UUID(-1, 7);
    private static final TransferRow ROW =
            new TransferRow(RULE, 0xABCDEF0123456789L, 1, 2_983_334, 3, 42, -43, 17, 3, 1_790_000_000_123L);
    private static final TransferRow LATER =
            new TransferRow(OTHER, 5, TransferRow.CONCURRENT, 2_983_400, 0, -43, 42, 1_000_000, 0, 1_790_000_600_000L);

    private static final TransferRow SPENT =
            new TransferRow(RULE, 81, 2, 2_983_338, 3, 42, TransferRow.SPENT, 40, 0, 1_790_000_000_123L);

    private LimitSamples() {}

    public static List<WireCodec<?>> codecs() {
        return LimitCodecs.of(new LaneBytes());
    }

    public static List<WireMessage> all() {
        return List.of(
                new Batch(
                        42,
                        List.of(
                                new PoolMessage.Ask(
                                        RULE, -1, 2, 42, 9, 10, 5_000, 3, new long[] {7, -8}, 1_790_000_040_000L),
                                new PoolMessage.Grant(ROW, 12),
                                new PoolMessage.Empty(OTHER, 77, 0, 1, 1_790_000_000_500L),
                                new PoolMessage.Decide(OTHER, 78, 42, 5, 2),
                                new PoolMessage.Decided(
                                        RULE,
                                        79,
                                        6,
                                        true,
                                        1_790_000_000_200L,
                                        1_790_000_001_000L,
                                        new long[] {3, 1},
                                        new long[] {1_790_000_001_000L, 1_790_000_040_000L}),
                                new PoolMessage.Declare(SPENT, 13),
                                new PoolMessage.Noted(RULE, 81, 2, 42, 14),
                                new PoolMessage.Usage(RULE, 80, 1, 42, 1_789_999_980_000L, 11))),
                new EstatesState(Estates.of(
                        List.of(
                                new Era(0, Long.MIN_VALUE, new long[] {42}),
                                new Era(1, 1_790_000_031_000L, new long[] {42, -43})),
                        List.of(
                                new Estates.Bequest(42, -43, 1_790_000_100_000L, false),
                                new Estates.Bequest(44, -43, 1_790_000_200_000L, true)),
                        Map.of(42L, new Turn(1, 2_983_536), -43L, new Turn(1, 2_983_392)),
                        new Turn(0, 2_983_392))),
                TransferLedger.of(2_983_300, List.of(ROW, LATER)));
    }
}
