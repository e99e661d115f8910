package io.sluice.state.limit;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows every key that the pools have at its begin, and that is still there, a piece at a time; keys that come meanwhile it may
 * leave out. For one thread.
 */
final class KeyWalk implements Rounds.Round {

    /** Is shown a key. */
    interface Visitor {

        void visit(TokenPool pool, Entry entry);
    }

    private final Iterator<TokenPool> pools;
    private final LongPredicate mine;
    private final Visitor visitor;
    private final Runnable done;
    private @Nullable TokenPool pool;
    private LimiterTable.@Nullable Walk walk;

    /**
     * At the begin.
     *
     * @param mine which keys are shown, by their hash
     * @param done after the last one
     */
    KeyWalk(Collection<TokenPool> pools, LongPredicate mine, Visitor visitor, Runnable done) {
        this.pools = List.copyOf(pools).iterator();
        this.mine = mine;
        this.visitor = visitor;
        this.done = done;
    }

    @Override
    public boolean goOn(int places) {
        for (int left = places; left > 0; ) {
            TokenPool current = pool;
            LimiterTable.Walk table = walk;
            if (current == null || table == null) {
                if (!pools.hasNext()) {
                    done.run();
                    return false;
                }
                pool = pools.next();
                walk = pool.table().walk();
                continue;
            }
            int looked = table.goOn(left, entry -> {
                if (mine.test(entry.hash())) {
                    visitor.visit(current, entry);
                }
            });
            left -= looked;
            if (looked == 0) {
                pool = null;
            }
        }
        return true;
    }
}
