package io.sluice.node.plugin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * What one type logs while this is open, whatever levels other tests have set; it goes nowhere else. Thread-safe.
 */
public final class CapturedLog implements AutoCloseable {

    private final Logger logger;
    private final Level levelBefore;
    private final boolean additiveBefore;
    private final Lines lines = new Lines();

    private CapturedLog(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        levelBefore = logger.getLevel();
        additiveBefore = logger.isAdditive();
        logger.setLevel(Level.ALL);
        logger.setAdditive(false);
        lines.start();
        logger.addAppender(lines);
    }

    /** Captures the logger of a class. */
    public static CapturedLog of(Class<?> type) {
        return of(type.getName());
    }

    /** Captures the logger of that name. */
    public static CapturedLog of(String name) {
        return new CapturedLog(name);
    }

    /** Each as its level, its message and its pairs: {@code WARN it broke reason="x"}. */
    public List<String> lines() {
        return List.copyOf(lines.seen);
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
        logger.setLevel(levelBefore);
        logger.setAdditive(additiveBefore);
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            StringBuilder line = new StringBuilder(event.getLevel() + " " + event.getFormattedMessage());
            List<KeyValuePair> pairs = event.getKeyValuePairs();
            if (pairs != null) {
                pairs.forEach(pair -> line.append(' ').append(pair));
            }
            seen.add(line.toString());
        }
    }
}
