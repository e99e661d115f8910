package io.sluice.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.status.Notice.Reason;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventBookTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final EventBook book = new EventBook();
    private final Notice bad = Notice.about(Samples.plugin("one", 1).metadata(), Reason.TRANSLATION_FAILED, "bad");
    private final Notice good = Notice.about(Samples.plugin("one", 1).metadata(), Reason.SUCCEEDED, "good");

    @Test
    void whatStandsIsToldOnce() {
        assertThat(book.due(Set.of(bad), false, 0)).containsExactly(bad);
        book.told(bad, 1, 0);

        assertThat(book.due(Set.of(bad), false, 1)).isEmpty();
    }

    @Test
    void whatComesBackIsToldAgain() {
        book.told(bad, 1, 0);
        assertThat(book.due(Set.of(), false, 1)).isEmpty();

        assertThat(book.due(Set.of(bad), false, 2)).containsExactly(bad);
    }

    @Test
    void whatStandsForLongIsToldAgainBeforeItIsForgottenUnlessAllIsWell() {
        book.told(bad, 1, 0);
        book.told(good, 1, 0);

        assertThat(book.due(Set.of(bad, good), false, HOUR)).containsExactly(bad);
    }

    @Test
    void whatStoodBeforeThisNodeBeganMayHaveBeenToldByAnother() {
        book.begin();
        book.due(Set.of(bad), true, 0);

        assertThat(book.wasThere(bad)).isTrue();
        assertThat(book.wasThere(good)).isFalse();
        book.told(bad, 0, 0);
        assertThat(book.wasThere(bad)).isFalse();
    }
}
