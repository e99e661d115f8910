package io.sluice.state.limit;

import java.util.concurrent.atomic.LongAdder;

/** What a node's lanes have done since it started. Any thread. */
final class LaneCounters {

    final LongAdder parked = new LongAdder();
    final LongAdder decided = new LongAdder();
    final LongAdder given = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();
}
