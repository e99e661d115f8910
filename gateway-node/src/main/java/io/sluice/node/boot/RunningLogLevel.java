package io.sluice.node.boot;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sluice.node.admin.AdminNode;
import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** How much a running node logs, changed for a while or for good. Any thread. */
final class RunningLogLevel implements AdminNode.LogLevel {

    private final ActorSystem<?> system;
    private final String configured;
    private volatile String word;
    private @Nullable Cancellable reset;

    RunningLogLevel(ActorSystem<?> system, String configured) {
        this.system = system;
        this.configured = configured;
        this.word = configured;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public synchronized void change(String level, long seconds) {
        if (reset != null) {
            reset.cancel();
            reset = null;
        }
        set(level);
        if (seconds > 0) {
            Duration delay = Duration.ofSeconds(seconds);
            reset = system.scheduler().scheduleOnce(delay, () -> set(configured), system.executionContext());
        }
    }

    private void set(String level) {
        word = level;
        Level mapped = LogSetup.level(level);
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(mapped);
    }
}
