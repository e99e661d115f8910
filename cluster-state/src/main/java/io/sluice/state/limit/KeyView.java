package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.List;

/**
 * What a node knows of a key.
 *
 * @param hash by which nodes know the key
 * @param home the member that is asked first
 */
public record KeyView(long hash, long home, List<Position> positions) {

    /**
     * One of the key's limits.
     *
     * @param limit of all nodes together
     * @param owned by this node; may be negative after it gave away more than it had free
     * @param locked how many of its tokens are in use
     * @param debt how many more are in use than it owns, and what it has overdrawn and not paid back
     * @param elsewhere how many others are believed to own; not what was spent before this cluster began
     */
    public record Position(String period, long limit, long owned, long locked, long debt, long elsewhere) {}

    /** What belongs to nobody because it was spent before this cluster began. */
    private static long past(KeyLedger ledger, TokenPool pool, int position, long now) {
        long past = 0;
        for (TransferRow row : ledger.rows()) {
            if (row.recipient() == TransferRow.PAST && row.slot() == ClaimsRule.slot(pool.limits(), position)) {
                Period period = pool.limits().periods().get(position);
                past += row.generation() == Generation.of(pool.rule().windowType(), period, now) ? row.free() : 0;
            }
        }
        return past;
    }

    static KeyView of(TokenPool pool, TokenLane lane, long hash, long now) {
        Limits limits = pool.limits();
        Entry entry = pool.table().find(hash);
        Lease lease = entry == null ? null : entry.lease();
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            long owned = lane.owned(pool, hash, i, now);
            long used = lease == null ? 0 : lease.used(i, now);
            long overdrawn = entry == null ? 0 : Overdraft.used(entry, limits, i, now);
            String period = limits.periods().isEmpty()
                    ? "concurrent"
                    : limits.periods().get(i).word();
            positions.add(new Position(
                    period,
                    limits.allowed(i),
                    owned,
                    used,
                    Math.max(0, used - owned) + overdrawn,
                    Math.max(0, limits.allowed(i) - owned - past(lane.ledger(hash), pool, i, now))));
        }
        return new KeyView(hash, lane.home(hash), List.copyOf(positions));
    }
}
