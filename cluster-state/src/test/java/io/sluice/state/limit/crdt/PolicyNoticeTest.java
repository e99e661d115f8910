package io.sluice.state.limit.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.state.limit.Contact;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of peer policies. */
class PolicyNoticeTest {

    private static final long NOW = 1_790_000_000_000L;

    private final Logger logger = (Logger) LoggerFactory.getLogger(PolicyNotice.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Contact contact = new Contact();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void saysOnceThatAPolicyAppliesAndOnceThatNoneDoes() {
        PolicyNotice notice = new PolicyNotice(true);
        contact.confirmed(NOW);

        notice.note(contact, true, NOW);
        notice.note(contact, false, NOW + 1_000);
        notice.note(contact, false, NOW + 2_000);
        notice.note(contact, true, NOW + 2_100);

        assertThat(said()).hasSize(2);
        assertThat(said().get(0)).contains("some nodes cannot be reached");
        assertThat(said().get(1)).contains("no peer policy applies");
    }

    @Test
    void saysWhatIsLeftAsContactGrowsOld() {
        PolicyNotice notice = new PolicyNotice(true);
        contact.confirmed(NOW);

        notice.note(contact, false, NOW + Contact.DOUBT_MILLIS + 1);
        notice.note(contact, false, NOW + Contact.FENCE_MILLIS + 1);

        assertThat(said()).hasSize(2);
        assertThat(said().get(0)).contains("fail closed refuse");
        assertThat(said().get(1)).contains("all rules refuse but those that fail open");
    }

    @Test
    void aNodeThatHasNoContactYetSaysNothing() {
        contact.lost();

        new PolicyNotice(false).note(contact, true, NOW);

        assertThat(said()).isEmpty();
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
