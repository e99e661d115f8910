package io.sluice.state.limit.crdt;

import io.sluice.state.limit.ClusterLimiters;
import io.sluice.state.limit.ClusterLimiters.Lane;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does with its tokens before it leaves: gives those of keys in use to an heir, a key at a time, while all members are told
 * of those given before; then leaves the rest to the heir. If not all know in time, it leaves as if it had died. Any thread.
 */
final class HandOver {

    private static final Logger log = LoggerFactory.getLogger(HandOver.class);

    /** Of the two seconds that a node has, what may go by until all members know what was given. */
    private static final Duration GIVING_TIME = Duration.ofMillis(1_450);

    private static final Duration BEQUEST_TIME = Duration.ofMillis(450);

    private final ClusterLimiters limiters;
    private final List<LaneLoop> loops;
    private final LimitsRun run;

    HandOver(ClusterLimiters limiters, List<LaneLoop> loops, LimitsRun run) {
        this.limiters = limiters;
        this.loops = loops;
        this.run = run;
    }

    /** Begins; done when all know, or after two seconds, or at once if there is nobody to give to. */
    CompletionStage<Done> begin(Members members) {
        OptionalLong heir = heir(members);
        if (heir.isEmpty() || members.self().status() != Status.UP) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        long self = members.self().id();
        long begin = System.nanoTime();
        run.hurry(self, GIVING_TIME);
        return give(heir.getAsLong())
                .completeOnTimeout(false, GIVING_TIME.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(all -> awaitAll(all, begin))
                .thenCompose(known -> known
                        ? bequeath(self, heir.getAsLong())
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }

    private static OptionalLong heir(Members members) {
        return members.others().stream()
                .filter(member -> member.status() == Status.UP && member.reachable())
                .mapToLong(Member::id)
                .min();
    }

    /** True when every lane has given all that is in use and has passed that on. */
    private CompletableFuture<Boolean> give(long heir) {
        CompletableFuture<Boolean> given = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(loops.size());
        for (int i = 0; i < loops.size(); i++) {
            Lane lane = limiters.lanes().get(i);
            LaneLoop loop = loops.get(i);
            Runnable passedOn = () -> {
                if (left.decrementAndGet() == 0) {
                    given.complete(true);
                }
            };
            loop.run(() -> lane.handOver(heir, () -> loop.whenPassedOn(passedOn)));
        }
        return given;
    }

    private CompletionStage<Boolean> awaitAll(boolean all, long begin) {
        Duration time = GIVING_TIME.minusNanos(System.nanoTime() - begin);
        long givenAfter = millisSince(begin);
        CompletionStage<Boolean> known =
                all && time.toMillis() > 0 ? run.awaitAll(time) : CompletableFuture.completedFuture(false);
        return known.thenApply(everywhere -> {
            log.atInfo()
                    .addKeyValue("all_given", all)
                    .addKeyValue("given_ms", givenAfter)
                    .addKeyValue("all_know", everywhere)
                    .addKeyValue("ms", millisSince(begin))
                    .log("this node leaves: its tokens of limits in use go to another one");
            return everywhere;
        });
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /** Only after all know what was given: an heir that did not would count it twice. */
    private CompletionStage<Done> bequeath(long self, long heir) {
        run.announce(limiters.bequeath(self, heir));
        return run.announced(BEQUEST_TIME);
    }
}
