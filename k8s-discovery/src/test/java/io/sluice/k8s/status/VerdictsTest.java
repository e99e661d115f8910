package io.sluice.k8s.status;

import static io.sluice.k8s.status.Samples.of;
import static io.sluice.k8s.status.Samples.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.status.Verdict.Word;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.draft.Effect;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictsTest {

    private static final long LATER = Duration.ofSeconds(6).toNanos();

    private final LiveForms forms = new LiveForms();
    private final Decoded one = plugin("one", 1);
    private final Decoded two = plugin("two", 1);

    private Verdict verdict(Delivered delivered, Decoded object, long nanos) {
        return new Verdicts(delivered, forms, 3, nanos).of(object);
    }

    private Delivered deliver(Delivered delivered, long nanos) {
        forms.deliver(delivered, nanos);
        return delivered;
    }

    @Test
    void countsNodesThatHaveTheConfigurationWithTheObject() {
        Delivered first = deliver(of(one).live("a"), 0);
        forms.heard(Map.of(1L, "a", 2L, "x"));

        Verdict verdict = verdict(first, one, 0);

        assertThat(verdict.message()).isEqualTo("live on 1 of 3 nodes");
        assertThat(verdict.settled()).isFalse();
        assertThat(verdict(first, one, LATER).settled()).isTrue();
    }

    @Test
    void aChangeOfSomethingElseTakesNothingBack() {
        deliver(of(one).live("a"), 0);
        forms.heard(Map.of(1L, "a", 2L, "a", 3L, "a"));
        Delivered second = deliver(of(one, two).live("b"), 0);
        forms.heard(Map.of(1L, "b", 2L, "a", 3L, "a"));

        assertThat(verdict(second, one, 0).message()).isEqualTo("live on 3 of 3 nodes");
        assertThat(verdict(second, two, 0).message()).isEqualTo("live on 1 of 3 nodes");
    }

    @Test
    void aNewFormBeginsAgain() {
        deliver(of(one).live("a"), 0);
        forms.heard(Map.of(1L, "a", 2L, "a", 3L, "a"));
        Decoded changed = plugin("one", 2);
        Delivered second = deliver(of(changed).live("b"), 0);
        forms.heard(Map.of(1L, "b", 2L, "b", 3L, "a"));

        assertThat(verdict(second, changed, 0).message()).isEqualTo("live on 2 of 3 nodes");
    }

    @Test
    void aNodeThatIsAheadKeepsWhatItHad() {
        Delivered first = deliver(of(one).live("a"), 0);
        forms.heard(Map.of(1L, "a", 2L, "a", 3L, "a"));
        forms.heard(Map.of(1L, "a", 2L, "not known yet", 3L, "a"));

        assertThat(verdict(first, one, 0).message()).isEqualTo("live on 3 of 3 nodes");
        assertThat(verdict(first, one, 0).settled()).isTrue();
    }

    @Test
    void aConfigurationThatComesBackIsTheNewest() {
        deliver(of(one).live("a"), 0);
        deliver(of(one, two).live("b"), 0);
        Decoded changed = plugin("one", 2);
        Delivered third = deliver(of(changed).live("a"), 0);
        forms.heard(Map.of(1L, "a", 2L, "a", 3L, "a"));

        assertThat(verdict(third, changed, 0).message()).isEqualTo("live on 3 of 3 nodes");
    }

    @Test
    void whoIsGoneDoesNotCount() {
        Delivered first = deliver(of(one).live("a"), 0);
        forms.heard(Map.of(1L, "a", 2L, "a"));
        forms.heard(Map.of(1L, "a"));

        assertThat(verdict(first, one, LATER).message()).isEqualTo("live on 1 of 3 nodes");
    }

    @Test
    void aRefusedObjectSaysWhy() {
        Delivered delivered = deliver(
                of(one).problem(one, Effect.REFUSED, "config.minute", "-1 (expected: > 0)")
                        .problem(one, Effect.REFUSED, "", "no")
                        .live("a"),
                0);

        assertThat(verdict(delivered, one, 0))
                .isEqualTo(Verdict.not(Word.INVALID, "config.minute: -1 (expected: > 0); no"));
    }

    @Test
    void aRefusedObjectWhoseOlderFormIsInForceIsOutdated() {
        Delivered delivered = deliver(
                of(one).problem(one, Effect.REFUSED, "", "no")
                        .problem(one, Effect.NOTE, "", LastGood.STILL_IN_FORCE)
                        .live("a"),
                0);

        assertThat(verdict(delivered, one, 0))
                .isEqualTo(Verdict.not(Word.OUTDATED, "no; the form it had before it was refused is still in force"));
    }

    @Test
    void partsThatAreLeftOutAndNotesStandBehindTheCount() {
        Delivered delivered = deliver(
                of(one).problem(one, Effect.PARTLY, "spec.x", "odd")
                        .problem(one, Effect.NOTE, "plugin", "health checks of upstreams")
                        .live("a"),
                0);
        forms.heard(Map.of(1L, "a", 2L, "a", 3L, "a"));

        assertThat(verdict(delivered, one, 0).message())
                .isEqualTo("live on 3 of 3 nodes; left out: spec.x: odd; plugin: health checks of upstreams");
    }

    @Test
    void whatNothingUsesIsNotLive() {
        Delivered delivered = deliver(of(one).unused(one).live("a"), 0);

        assertThat(verdict(delivered, one, 0))
                .isEqualTo(Verdict.not(Word.UNUSED, "not live: nothing that is live uses it"));
    }

    @Test
    void whatIsInARefusedConfigurationIsPendingAndWhatWasLiveBeforeStaysSo() {
        deliver(of(one).live("a"), 0);
        forms.heard(Map.of(1L, "a", 2L, "a", 3L, "a"));
        Delivered second = deliver(of(one, two).refused("no").live("a"), 0);

        assertThat(verdict(second, one, 0).message()).isEqualTo("live on 3 of 3 nodes");
        assertThat(verdict(second, two, 0))
                .isEqualTo(Verdict.not(
                        Word.PENDING, "not live: the gateway refuses the configuration: route 'r': paths: no"));
    }

    @Test
    void messagesHaveALimit() {
        Delivered delivered = deliver(
                of(one).problem(one, Effect.REFUSED, "", "x".repeat(5_000)).live("a"), 0);

        assertThat(verdict(delivered, one, 0).message())
                .hasSize(Verdicts.LONGEST)
                .endsWith("xxx...");
    }
}
