package io.sluice.node.boot;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import io.sluice.node.settings.NodeSettings.LogSettings;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Sets the node's own log up, in code: reading logback's XML would take a tenth of the time to start. */
final class LogSetup {

    private LogSetup() {}

    /**
     * Sends everything where {@code proxy_error_log} says.
     *
     * @param json one JSON object a line instead of plain text
     */
    static void apply(LogSettings logs, boolean json) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(logs.level()));
        // It lists mixed versions that are meant to be.
        context.getLogger("org.apache.pekko.util.ManifestInfo").setLevel(Level.OFF);
        // What they say at their level is said by us, once and in words of the settings.
        context.getLogger("org.apache.pekko.io.TcpListener").setLevel(Level.OFF);
        context.getLogger("org.apache.pekko.event.slf4j.Slf4jLogger").setLevel(Level.WARN);
        context.getLogger("org.apache.pekko.actor.CoordinatedShutdown").setLevel(Level.WARN);
        // The cluster says what changes in our words; a peer that is gone would be in the log with every try to reach
        // it.
        context.getLogger("org.apache.pekko.cluster").setLevel(Level.WARN);
        context.getLogger("org.apache.pekko.remote").setLevel(Level.ERROR);
        context.getLogger("org.apache.pekko.stream.Materializer").setLevel(Level.ERROR);
        context.getLogger("org.apache.pekko.management").setLevel(Level.WARN);
        // The watch says in our words what fails, and not with every try.
        context.getLogger("io.fabric8").setLevel(Level.ERROR);
        context.getLogger("io.fabric8.kubernetes.client.dsl.internal").setLevel(Level.OFF);
        context.getLogger("org.apache.pekko.management.cluster.bootstrap").setLevel(Level.OFF);
        context.getLogger("io.sluice.state.membership.FreshJoinDecider").setLevel(Level.OFF);
        context.getLogger("org.apache.pekko.discovery").setLevel(Level.OFF);
        logs.proxyError().map(target -> appender(target)).ifPresent(appender -> {
            LineEncoder encoder = new LineEncoder(json);
            encoder.setContext(context);
            encoder.start();
            appender.setContext(context);
            appender.setEncoder(encoder);
            appender.start();
            root.addAppender(appender);
        });
    }

    /** Logback's level for Kong's word. */
    static Level level(String word) {
        return switch (word) {
            case "debug" -> Level.DEBUG;
            case "info", "notice" -> Level.INFO;
            case "warn" -> Level.WARN;
            default -> Level.ERROR;
        };
    }

    private static OutputStreamAppender<ILoggingEvent> appender(String target) {
        Optional<String> console = Optional.of(target).filter(name -> name.startsWith("/dev/std"));
        if (console.isPresent()) {
            ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
            appender.setTarget(target.equals("/dev/stdout") ? "System.out" : "System.err");
            return appender;
        }
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(target);
        return appender;
    }
}
