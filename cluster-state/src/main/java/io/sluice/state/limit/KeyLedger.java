package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What is known of the transfers of one key: rows and what came in but must not be used yet. Immutable. */
record KeyLedger(List<TransferRow> rows, List<Hold> holds, List<Confirmed> confirmed) {

    static final KeyLedger EMPTY = new KeyLedger(List.of(), List.of(), List.of());

    /** So many of the tokens that this node has declared are known to a majority. */
    record Confirmed(int slot, long generation, int era, long tokens) {}

    /**
     * Tokens that have come in and are still locked; fewer than none have been given away while they were in use, and still count
     * here.
     *
     * @param until milliseconds since the epoch
     */
    record Hold(int slot, long tokens, long until) {}

    /** The same row as it is known; the given one if it is not. */
    TransferRow row(TransferRow asked) {
        TransferRow known = find(asked);
        return known == null ? asked : known;
    }

    private @Nullable TransferRow find(TransferRow asked) {
        for (TransferRow row : rows) {
            if (row.sameRow(asked)) {
                return row;
            }
        }
        return null;
    }

    KeyLedger with(TransferRow changed) {
        List<TransferRow> next = new ArrayList<>(rows.size() + 1);
        for (TransferRow row : rows) {
            if (!row.sameRow(changed)) {
                next.add(row);
            }
        }
        next.add(changed);
        return new KeyLedger(List.copyOf(next), holds, confirmed);
    }

    KeyLedger with(Hold hold) {
        List<Hold> next = new ArrayList<>(holds);
        next.add(hold);
        return new KeyLedger(rows, List.copyOf(next), confirmed);
    }

    KeyLedger with(Confirmed more) {
        List<Confirmed> next = new ArrayList<>();
        long tokens = more.tokens();
        for (Confirmed one : confirmed) {
            if (one.slot() == more.slot() && one.generation() == more.generation() && one.era() == more.era()) {
                tokens = Math.max(tokens, one.tokens());
            } else {
                next.add(one);
            }
        }
        next.add(new Confirmed(more.slot(), more.generation(), more.era(), tokens));
        return new KeyLedger(rows, holds, List.copyOf(next));
    }

    /** Without what is over, and without tokens at a time that were moved before a turn that all have settled in. */
    KeyLedger after(long now, Turn cleared) {
        boolean over = holds.stream().anyMatch(hold -> hold.until() <= now)
                || rows.stream().anyMatch(row -> isOver(row, now, cleared));
        return !over
                ? this
                : new KeyLedger(
                        rows.stream().filter(row -> !isOver(row, now, cleared)).toList(),
                        holds.stream().filter(hold -> hold.until() > now).toList(),
                        confirmed.stream()
                                .filter(one -> !isOver(one.slot(), one.generation(), now))
                                .toList());
    }

    /** A generation's rows still matter to windows that slide over its end. */
    private static boolean isOver(TransferRow row, long now, Turn cleared) {
        return isOver(row.slot(), row.generation(), now)
                || row.slot() == TransferRow.CONCURRENT && !new Turn(row.era(), row.generation()).covers(cleared);
    }

    private static boolean isOver(int slot, long generation, long now) {
        long window = slot == TransferRow.CONCURRENT ? 0 : Period.values()[slot].nominalSeconds() * 1000;
        return Generation.endMillis(generation) + Math.max(window + ClaimsRule.SKEW_MILLIS, Generation.UNIT_MILLIS)
                < now;
    }

    /** What a node has got less what it gave to others. */
    long balance(int slot, long generation, int era, long node) {
        long balance = 0;
        for (TransferRow row : rows) {
            if (row.slot() == slot && row.generation() == generation && row.era() == era) {
                if (row.recipient() == node) {
                    balance += row.tokens();
                } else if (row.donor() == node && row.recipient() != TransferRow.SPENT) {
                    balance -= row.tokens();
                }
            }
        }
        return balance;
    }

    /** Those who gave tokens away. */
    Set<Long> donors(int slot, long generation, int era) {
        return parties(slot, generation, era, TransferRow::donor);
    }

    /** Those who got tokens. */
    Set<Long> recipients(int slot, long generation, int era) {
        return parties(slot, generation, era, TransferRow::recipient);
    }

    private Set<Long> parties(int slot, long generation, int era, ToLongFunction<TransferRow> party) {
        Set<Long> parties = Set.of();
        for (TransferRow row : rows) {
            boolean gift = row.recipient() != TransferRow.SPENT && row.recipient() != TransferRow.PAST;
            if (gift && row.slot() == slot && row.generation() == generation && row.era() == era) {
                parties = parties.isEmpty() ? new HashSet<>() : parties;
                parties.add(party.applyAsLong(row));
            }
        }
        return parties;
    }

    /** What a node has declared to spend. */
    long spent(int slot, long generation, int era, long node) {
        for (TransferRow row : rows) {
            if (row.slot() == slot
                    && row.generation() == generation
                    && row.era() == era
                    && row.donor() == node
                    && row.recipient() == TransferRow.SPENT) {
                return row.free();
            }
        }
        return 0;
    }

    /** What this node has declared and a majority knows of. */
    long confirmed(int slot, long generation, int era) {
        for (Confirmed one : confirmed) {
            if (one.slot() == slot && one.generation() == generation && one.era() == era) {
                return one.tokens();
            }
        }
        return 0;
    }

    /** What a node has got although it was in use. */
    long lockedFor(int slot, long generation, int era, long node) {
        long locked = 0;
        for (TransferRow row : rows) {
            if (row.slot() == slot && row.generation() == generation && row.era() == era && row.recipient() == node) {
                locked += row.locked();
            }
        }
        return locked;
    }

    /** What a node has given although it was in use. */
    long lockedBy(int slot, long generation, int era, long node) {
        long locked = 0;
        for (TransferRow row : rows) {
            if (row.slot() == slot && row.generation() == generation && row.era() == era && row.donor() == node) {
                locked += row.locked();
            }
        }
        return locked;
    }

    /** What has come in and must not be used yet. */
    long held(int slot, long time) {
        long held = 0;
        for (Hold hold : holds) {
            if (hold.slot() == slot && hold.until() > time) {
                held += Math.max(0, hold.tokens());
            }
        }
        return held;
    }

    /** What has been given away and still counts here, since nobody else may use it yet. */
    long lent(int slot, long time) {
        long lent = 0;
        for (Hold hold : holds) {
            if (hold.slot() == slot && hold.until() > time) {
                lent += Math.max(0, -hold.tokens());
            }
        }
        return lent;
    }

    boolean isEmpty() {
        return rows.isEmpty() && holds.isEmpty();
    }
}
