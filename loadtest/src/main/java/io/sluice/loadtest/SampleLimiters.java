package io.sluice.loadtest;

import io.sluice.state.limit.ClusterLimiters;
import io.sluice.state.limit.Contact;
import io.sluice.state.limit.Era;
import io.sluice.state.limit.Estates;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limiters;
import io.sluice.state.limit.LocalLimiters;
import io.sluice.state.limit.Mode;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.Reach;
import io.sluice.state.limit.Roster;
import io.sluice.state.limit.TokenClock;
import io.sluice.state.limit.TransferRow;
import io.sluice.state.limit.WindowType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Limiters as a node has them: one by itself, or one of three whose peers are there but need not be asked for anything. */
enum SampleLimiters {
    LOCAL(Reach.NODE) {
        @Override
        Open open(TokenClock clock, KeyBudget budget) {
            var limiters = new LocalLimiters(budget, clock);
            return new Open(limiters, limiters::sweep);
        }
    },
    CLUSTER(Reach.CLUSTER) {
        @Override
        Open open(TokenClock clock, KeyBudget budget) {
            long[] members = {1, 2, 3};
            List<Noting> links = List.of(new Noting(), new Noting());
            var limiters = new ClusterLimiters(
                    budget,
                    clock,
                    Contact.always(),
                    links,
                    new Roster(1, members, Set.of()),
                    Estates.of(List.of(new Era(0, Long.MIN_VALUE, members)), List.of()));
            for (int i = 0; i < links.size(); i++) {
                links.get(i).lane = limiters.lanes().get(i);
            }
            return new Open(limiters, limiters::sweep);
        }
    };

    private final Reach reach;

    SampleLimiters(Reach reach) {
        this.reach = reach;
    }

    /** Limiters and how they forget. */
    record Open(Limiters limiters, IntConsumer sweep) {}

    abstract Open open(TokenClock clock, KeyBudget budget);

    LimitRule rule(WindowType type) {
        return new LimitRule(new UUID(1, 2), reach, type, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK);
    }

    /**
     * A lane to peers that note what they are told and say nothing else: nothing is asked of them as long as a node's own share is
     * enough. For one thread.
     */
    private static final class Noting implements ClusterLimiters.Link {
        private final Deque<PoolMessage> answers = new ArrayDeque<>();
        private ClusterLimiters.@Nullable Lane lane;

        @Override
        public void run(Runnable task) {
            task.run();
            PoolMessage answer;
            while (lane != null && (answer = answers.poll()) != null) {
                lane.receive(answer);
            }
        }

        @Override
        public void send(long member, PoolMessage message) {
            if (message instanceof PoolMessage.Declare declare) {
                answers.add(new PoolMessage.Noted(
                        declare.rule(), declare.hash(), declare.slot(), member, declare.number()));
            }
        }

        @Override
        public void changed(TransferRow row) {}
    }
}
