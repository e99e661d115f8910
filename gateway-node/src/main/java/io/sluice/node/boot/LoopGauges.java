package io.sluice.node.boot;

import io.sluice.node.http.EventLoop;
import io.sluice.node.http.EventLoopGroup;
import io.sluice.node.http.LoopCounters;
import io.sluice.node.observe.ConnectionGauges;
import java.util.List;
import java.util.function.ToLongFunction;

/** Sums what the event loops have counted. */
record LoopGauges(EventLoopGroup loops) implements ConnectionGauges {

    private long sum(ToLongFunction<LoopCounters> count) {
        long sum = 0;
        for (EventLoop loop : loops.loops()) {
            sum += count.applyAsLong(loop.counters());
        }
        return sum;
    }

    @Override
    public long accepted() {
        return sum(LoopCounters::accepted);
    }

    @Override
    public long handled() {
        return accepted();
    }

    @Override
    public long requests() {
        return sum(LoopCounters::requests);
    }

    @Override
    public long active() {
        return sum(LoopCounters::open);
    }

    /** Heads come with one read as a rule: who reads one now is not told from who waits. */
    @Override
    public long reading() {
        return 0;
    }

    @Override
    public long writing() {
        return sum(LoopCounters::active);
    }

    @Override
    public long waiting() {
        return Math.max(0, active() - writing());
    }

    @Override
    public long webSockets() {
        return sum(LoopCounters::tunnels);
    }

    @Override
    public long webSocketBytesIn() {
        return sum(LoopCounters::tunnelBytesIn);
    }

    @Override
    public long webSocketBytesOut() {
        return sum(LoopCounters::tunnelBytesOut);
    }

    @Override
    public long prefacesRefused() {
        return sum(LoopCounters::prefacesRefused);
    }

    @Override
    public List<Long> longestRounds() {
        return loops.loops().stream()
                .map(loop -> loop.counters().longestRoundNanos())
                .toList();
    }
}
