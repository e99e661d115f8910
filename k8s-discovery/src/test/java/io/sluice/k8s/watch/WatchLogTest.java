package io.sluice.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.k8s.api.WatchedKind;
import io.sluice.k8s.api.WatchedKinds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchLogTest {

    private static final WatchedKind SECRETS = WatchedKinds.of("Secret").orElseThrow();
    private static final WatchedKind INGRESSES = WatchedKinds.of("Ingress").orElseThrow();

    private final AtomicLong nanos = new AtomicLong(-5);
    private final WatchLog log = new WatchLog(nanos::get);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(WatchLog.class);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    private List<ILoggingEvent> warnings() {
        return lines.list.stream().filter(line -> line.getLevel() == Level.WARN).toList();
    }

    @Test
    void warnsOnceAMinuteWhileTheServerIsAwayHoweverManyWatchesFail() {
        for (int second = 0; second < 3_600; second++) {
            log.failed("list", SECRETS, "", "ConnectException");
            log.failed("watch", INGRESSES, "", "ConnectException");
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(warnings()).hasSize(60);
        assertThat(log.standing())
                .containsExactly(
                        "watch ingresses.networking.k8s.io: ConnectException", "list secrets: ConnectException");
    }

    @Test
    void saysOnceThatTheServerAnswersAgainWhenAllWatchesWork() {
        log.failed("list", SECRETS, "", "ConnectException");
        log.failed("watch", INGRESSES, "", "ConnectException");
        log.works(SECRETS, "");
        assertThat(lines.list).hasSize(1);

        log.works(INGRESSES, "");
        log.works(INGRESSES, "");

        assertThat(lines.list)
                .last()
                .extracting(ILoggingEvent::getMessage)
                .isEqualTo("the kubernetes api answers again");
        assertThat(lines.list).hasSize(2);
        assertThat(log.standing()).isEmpty();
    }

    @Test
    void namesVerbAndResourceAndNamespaceOfWhatIsForbiddenAndSaysItOnce() {
        log.forbidden("list", INGRESSES, "shop");
        log.forbidden("list", INGRESSES, "shop");

        assertThat(warnings())
                .singleElement()
                .satisfies(line -> assertThat(line.getKeyValuePairs())
                        .extracting(pair -> pair.key + "=" + pair.value)
                        .containsExactly(
                                "verb=list", "resource=ingresses", "group=networking.k8s.io", "namespace=shop"));
        assertThat(log.standing()).containsExactly("list ingresses.networking.k8s.io in namespace shop: forbidden");
    }

    @Test
    void saysAgainWhatIsForbiddenAgain() {
        log.forbidden("list", SECRETS, "");
        log.works(SECRETS, "");

        log.forbidden("list", SECRETS, "");

        assertThat(warnings()).hasSize(2);
    }
}
