package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Era;
import io.sluice.state.limit.Estates;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.limit.Turn;
import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireException;
import io.sluice.state.wire.WireInput;
import io.sluice.state.wire.WireOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.pekko.serialization.Serialization$;

/** The bytes of batches and ledgers. Rules and nodes are named once, in front, and then by their place. */
final class LimitCodecs {

    /** Part of the format of a row: its time is relative to the end of its generation. */
    private static final long GENERATION_MILLIS = 600_000;

    private static final int ASK = 0;
    private static final int GRANT = 1;
    private static final int EMPTY = 2;
    private static final int DECIDE = 3;
    private static final int DECIDED = 4;
    private static final int USAGE = 5;
    private static final int DECLARE = 6;
    private static final int NOTED = 7;

    /** Fewest bytes of a message, of a row. */
    private static final int LEAST_MESSAGE = 12;

    private static final int LEAST_ROW = 17;
    private static final int LEAST_ERA = 3;
    private static final int LEAST_BEQUEST = 17;
    private static final int LEAST_SETTLED = 10;

    /** Counts only grow, but sums of them must stay far from an overflow. */
    private static final long MOST_TOKENS = Long.MAX_VALUE >> 10;

    private static final long MOST_TIME = Long.MAX_VALUE / GENERATION_MILLIS / 2;

    private LimitCodecs() {}

    static List<WireCodec<?>> of(LaneBytes counts) {
        return List.of(
                WireCodec.message(
                        Batch.class,
                        "limit-batch",
                        2,
                        (batch, out) -> {
                            int before = out.size();
                            write(batch, out);
                            counts.sent.add(out.size() - before);
                        },
                        (in, version) -> {
                            counts.received.add(in.left());
                            return batch(in);
                        }),
                WireCodec.state(
                        TransferLedger.class,
                        "limit-ledger",
                        1,
                        (ledger, out) -> {
                            int before = out.size();
                            write(ledger, out);
                            count(out.size() - before, counts);
                        },
                        (in, version) -> {
                            counts.replicated.add(in.left());
                            return ledger(in);
                        }),
                WireCodec.state(
                        EstatesState.class,
                        "limit-estates",
                        3,
                        (state, out) -> {
                            int before = out.size();
                            write(state, out);
                            count(out.size() - before, counts);
                        },
                        (in, version) -> {
                            counts.replicated.add(in.left());
                            return estates(in, version);
                        }));
    }

    /** Replicators also write state to compare it: only while something is being sent the transport says whose it is. */
    private static void count(int size, LaneBytes counts) {
        if (Serialization$.MODULE$.currentTransportInformation().value() != null) {
            counts.replicating.add(size);
        }
    }

    private static void write(Batch batch, WireOutput out) {
        UUID[] rules = rules(batch.messages().stream().map(PoolMessage::rule).toList(), out);
        out.varint(batch.messages().size());
        for (PoolMessage message : batch.messages()) {
            out.varint(kind(message))
                    .varint(Arrays.binarySearch(rules, message.rule()))
                    .fixed64(message.hash())
                    .varint(message.slot());
            writeRest(message, out);
        }
    }

    private static int kind(PoolMessage message) {
        if (message instanceof PoolMessage.Ask) {
            return ASK;
        } else if (message instanceof PoolMessage.Grant) {
            return GRANT;
        } else if (message instanceof PoolMessage.Empty) {
            return EMPTY;
        } else if (message instanceof PoolMessage.Decide) {
            return DECIDE;
        }
        if (message instanceof PoolMessage.Decided) {
            return DECIDED;
        } else if (message instanceof PoolMessage.Declare) {
            return DECLARE;
        }
        return message instanceof PoolMessage.Noted ? NOTED : USAGE;
    }

    private static void writeRest(PoolMessage message, WireOutput out) {
        if (message instanceof PoolMessage.Ask ask) {
            out.fixed64(ask.asker())
                    .varint(ask.number())
                    .varint(ask.want())
                    .varint(ask.demand())
                    .varint(ask.owned())
                    .varint(ask.freeAt())
                    .varint(ask.visited().length);
            for (long node : ask.visited()) {
                out.fixed64(node);
            }
        } else if (message instanceof PoolMessage.Grant grant) {
            write(grant.row(), grant.number(), out);
        } else if (message instanceof PoolMessage.Declare declare) {
            write(declare.row(), declare.number(), out);
        } else if (message instanceof PoolMessage.Noted noted) {
            out.fixed64(noted.node()).varint(noted.number());
        } else if (message instanceof PoolMessage.Empty empty) {
            out.varint(empty.number()).varint(empty.until());
        } else if (message instanceof PoolMessage.Decide decide) {
            out.varint(decide.number()).fixed64(decide.asker()).varint(decide.cost());
        } else if (message instanceof PoolMessage.Decided decided) {
            out.varint(decided.number())
                    .flag(decided.admitted())
                    .varint(decided.time())
                    .varint(decided.quietUntil())
                    .varint(decided.used().length);
            for (int i = 0; i < decided.used().length; i++) {
                out.varint(decided.used()[i]).varint(decided.freeAt()[i]);
            }
        } else if (message instanceof PoolMessage.Usage usage) {
            out.fixed64(usage.node()).varint(usage.window()).varint(usage.used());
        }
    }

    private static void write(TransferRow row, long number, WireOutput out) {
        out.varint(number)
                .varint(row.generation())
                .varint(row.era())
                .fixed64(row.donor())
                .fixed64(row.recipient());
        counts(row, out);
    }

    private static Batch batch(WireInput in) throws WireException {
        UUID[] rules = rules(in);
        int count = in.count(LEAST_MESSAGE);
        List<PoolMessage> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(message(in, rules));
        }
        return new Batch(in.sender(), messages);
    }

    private static PoolMessage message(WireInput in, UUID[] rules) throws WireException {
        int kind = (int) in.varint(NOTED);
        UUID rule = rules[(int) in.varint(rules.length - 1)];
        long hash = in.fixed64();
        int slot = (int) in.varint(TransferRow.CONCURRENT);
        return switch (kind) {
            case ASK -> ask(in, rule, hash, slot);
            case GRANT, DECLARE -> {
                long number = in.varint();
                long generation = in.varint(MOST_TIME);
                int era = (int) in.varint(Integer.MAX_VALUE);
                TransferRow row = row(in, rule, hash, slot, generation, era, in.fixed64(), in.fixed64());
                yield kind == GRANT ? new PoolMessage.Grant(row, number) : new PoolMessage.Declare(row, number);
            }
            case NOTED -> new PoolMessage.Noted(rule, hash, slot, in.fixed64(), in.varint());
            case EMPTY -> new PoolMessage.Empty(rule, hash, slot, in.varint(), in.varint(Long.MAX_VALUE));
            case DECIDE -> decide(in, rule, hash);
            case DECIDED -> decided(in, rule, hash);
            default ->
                new PoolMessage.Usage(
                        rule, hash, slot, in.fixed64(), in.varint(Long.MAX_VALUE), in.varint(MOST_TOKENS));
        };
    }

    private static PoolMessage ask(WireInput in, UUID rule, long hash, int slot) throws WireException {
        long asker = in.fixed64();
        long number = in.varint();
        long want = in.varint(Limits.HIGHEST);
        long demand = in.varint(MOST_TOKENS);
        long owned = in.varint(MOST_TOKENS);
        long freeAt = in.varint(Long.MAX_VALUE);
        long[] visited = new long[in.count(Long.BYTES)];
        for (int i = 0; i < visited.length; i++) {
            visited[i] = in.fixed64();
        }
        return new PoolMessage.Ask(rule, hash, slot, asker, number, want, demand, owned, visited, freeAt);
    }

    private static PoolMessage decide(WireInput in, UUID rule, long hash) throws WireException {
        long number = in.varint();
        long asker = in.fixed64();
        long cost = in.varint(Limits.HIGHEST);
        if (cost == 0) {
            throw new WireException("cost 0 (expected: at least 1)");
        }
        return new PoolMessage.Decide(rule, hash, asker, number, cost);
    }

    private static PoolMessage decided(WireInput in, UUID rule, long hash) throws WireException {
        long number = in.varint();
        boolean admitted = in.flag();
        long time = in.varint(Long.MAX_VALUE);
        long quietUntil = in.varint(Long.MAX_VALUE);
        long[] used = new long[in.count(2)];
        long[] freeAt = new long[used.length];
        for (int i = 0; i < used.length; i++) {
            used[i] = in.varint(MOST_TOKENS);
            freeAt[i] = in.varint(Long.MAX_VALUE);
        }
        return new PoolMessage.Decided(rule, hash, number, admitted, time, quietUntil, used, freeAt);
    }

    private static void write(TransferLedger ledger, WireOutput out) {
        UUID[] rules = rules(ledger.rows().stream().map(TransferRow::rule).toList(), out);
        long[] nodes = ledger.rows().stream()
                .mapMultiToLong((row, each) -> {
                    each.accept(row.donor());
                    each.accept(row.recipient());
                })
                .sorted()
                .distinct()
                .toArray();
        out.varint(nodes.length);
        for (long node : nodes) {
            out.fixed64(node);
        }
        out.varint(ledger.horizon()).varint(ledger.size());
        for (TransferRow row : ledger.rows()) {
            out.varint(Arrays.binarySearch(rules, row.rule()))
                    .fixed64(row.hash())
                    .varint(row.slot())
                    .varint(row.generation() - ledger.horizon())
                    .varint(row.era())
                    .varint(Arrays.binarySearch(nodes, row.donor()))
                    .varint(Arrays.binarySearch(nodes, row.recipient()));
            counts(row, out);
        }
    }

    /** Rows must come sorted: only what is written by the one rule is equal bytes when it is equal. */
    private static TransferLedger ledger(WireInput in) throws WireException {
        UUID[] rules = rules(in);
        long[] nodes = new long[in.count(Long.BYTES)];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = in.fixed64();
        }
        long horizon = in.varint(MOST_TIME);
        int count = in.count(LEAST_ROW);
        List<TransferRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            UUID rule = rules[(int) in.varint(rules.length - 1)];
            long hash = in.fixed64();
            int slot = (int) in.varint(TransferRow.CONCURRENT);
            long generation = horizon + in.varint(MOST_TIME - horizon);
            int era = (int) in.varint(Integer.MAX_VALUE);
            long donor = nodes[(int) in.varint(nodes.length - 1)];
            long recipient = nodes[(int) in.varint(nodes.length - 1)];
            TransferRow row = row(in, rule, hash, slot, generation, era, donor, recipient);
            if (i > 0 && TransferLedger.compare(rows.get(i - 1), row) >= 0) {
                throw new WireException("rows out of their order");
            }
            rows.add(row);
        }
        return TransferLedger.of(horizon, rows);
    }

    private static void counts(TransferRow row, WireOutput out) {
        out.varint(row.free()).varint(row.locked()).signed(row.generation() * GENERATION_MILLIS - row.notBefore());
    }

    private static TransferRow row(
            WireInput in, UUID rule, long hash, int slot, long generation, int era, long donor, long recipient)
            throws WireException {
        long free = in.varint(MOST_TOKENS);
        long locked = in.varint(MOST_TOKENS);
        long notBefore = generation * GENERATION_MILLIS - in.signed();
        if (notBefore < 0) {
            throw new WireException("time " + notBefore + " (expected: >= 0)");
        }
        return new TransferRow(rule, hash, slot, generation, era, donor, recipient, free, locked, notBefore);
    }

    /** Eras by their number, their start relative to a time far away: the first one has none. */
    private static void write(EstatesState state, WireOutput out) {
        out.varint(state.estates().eras().size());
        for (Era era : state.estates().eras()) {
            out.varint(era.number()).flag(era.start() == Long.MIN_VALUE);
            if (era.start() != Long.MIN_VALUE) {
                out.signed(era.start());
            }
            out.varint(era.members().length);
            for (long member : era.members()) {
                out.fixed64(member);
            }
        }
        out.varint(state.estates().bequests().size());
        for (Estates.Bequest bequest : state.estates().bequests()) {
            out.fixed64(bequest.from())
                    .fixed64(bequest.heir())
                    .signed(bequest.at())
                    .flag(bequest.died());
        }
        Map<Long, Turn> settled = new TreeMap<>(state.estates().settled());
        out.varint(settled.size());
        settled.forEach((node, turn) -> write(turn, out.fixed64(node)));
        write(state.estates().cleared(), out);
    }

    private static void write(Turn turn, WireOutput out) {
        out.varint(turn.era()).varint(turn.generation());
    }

    private static Turn turn(WireInput in) throws WireException {
        return new Turn((int) in.varint(Integer.MAX_VALUE), in.varint(MOST_TIME));
    }

    private static EstatesState estates(WireInput in, int version) throws WireException {
        int eras = in.count(LEAST_ERA);
        List<Era> allEras = new ArrayList<>(eras);
        for (int i = 0; i < eras; i++) {
            int number = (int) in.varint(Integer.MAX_VALUE);
            long start = in.flag() ? Long.MIN_VALUE : in.signed();
            long[] members = new long[in.count(Long.BYTES)];
            for (int k = 0; k < members.length; k++) {
                members[k] = in.fixed64();
            }
            allEras.add(new Era(number, start, members));
        }
        int bequests = in.count(LEAST_BEQUEST);
        List<Estates.Bequest> allBequests = new ArrayList<>(bequests);
        for (int i = 0; i < bequests; i++) {
            allBequests.add(new Estates.Bequest(in.fixed64(), in.fixed64(), in.signed(), version > 1 && in.flag()));
        }
        Map<Long, Turn> settled = new HashMap<>();
        int nodes = version > 2 ? in.count(LEAST_SETTLED) : 0;
        for (int i = 0; i < nodes; i++) {
            settled.put(in.fixed64(), turn(in));
        }
        return version > 2
                ? new EstatesState(Estates.of(allEras, allBequests, settled, turn(in)))
                : new EstatesState(Estates.of(allEras, allBequests));
    }

    private static UUID[] rules(List<UUID> all, WireOutput out) {
        UUID[] rules = all.stream().distinct().sorted().toArray(UUID[]::new);
        out.varint(rules.length);
        for (UUID rule : rules) {
            out.fixed64(rule.getMostSignificantBits()).fixed64(rule.getLeastSignificantBits());
        }
        return rules;
    }

    private static UUID[] rules(WireInput in) throws WireException {
        UUID[] rules = new UUID[in.count(2 * Long.BYTES)];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = new UUID(in.fixed64(), in.fixed64());
        }
        return rules;
    }
}
