package io.sluice.state.membership;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.event.slf4j.Slf4jLoggingFilter;

/**
 * Decides what of Pekko's own words becomes a log event, as {@link Slf4jLoggingFilter} does, but for what its transport says of each
 * message that is none or makes no sense. A stranger can make it say so any number of times: Pekko 1.7 reads a frame of negative
 * length again and again, as fast as it can, also when its connection has been closed. Of that a few become events each second. What its
 * decoder says does so whatever the log's level is, since {@link ConnectionWatch} goes by it, and the others are counted. Any thread;
 * made by Pekko, by its name.
 */
public final class DecoderLogFilter extends Slf4jLoggingFilter {

    private static final String TRANSPORT = "org.apache.pekko.remote.artery.";
    private static final String DECODER = TRANSPORT + "Decoder";
    private static final int MOST_PER_SECOND = 10;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongAdder leftOut = new LongAdder();
    private final Pace decoder = new Pace();
    private final Pace others = new Pace();

    /** As Pekko makes its filters. */
    public DecoderLogFilter(ActorSystem.Settings settings, EventStream events) {
        super(settings, events);
    }

    @Override
    public boolean isWarningEnabled(Class<?> logClass, String logSource) {
        if (isDecoder(logClass)) {
            boolean may = decoder.allows(System.nanoTime());
            leftOut.add(may ? 0 : 1);
            return may;
        }
        return super.isWarningEnabled(logClass, logSource)
                && (!logClass.getName().startsWith(TRANSPORT) || others.allows(System.nanoTime()));
    }

    /** Whether something is said by the decoder of messages. */
    static boolean isDecoder(Class<?> logClass) {
        return logClass.getName().equals(DECODER);
    }

    /** How many the decoder has said since the last call that became no event. */
    long takeLeftOut() {
        return leftOut.sumThenReset();
    }

    /** A few in each second. */
    private static final class Pace {
        private final AtomicLong began = new AtomicLong(System.nanoTime() - SECOND_NANOS);
        private final AtomicInteger told = new AtomicInteger();

        boolean allows(long now) {
            long second = began.get();
            if (now - second >= SECOND_NANOS && began.compareAndSet(second, now)) {
                told.set(0);
            }
            return told.get() < MOST_PER_SECOND && told.incrementAndGet() <= MOST_PER_SECOND;
        }
    }
}
