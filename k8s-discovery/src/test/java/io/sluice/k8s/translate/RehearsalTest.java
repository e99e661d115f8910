package io.sluice.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.translate.draft.TranslationSettings;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    private static final TranslationSettings SETTINGS = new TranslationSettings("ours", "");
    private final Rehearsal rehearsal = new Rehearsal(new Translator(SETTINGS, new SchemaRules()), SETTINGS);

    @Test
    void goesThroughAllThatARealTranslationDoes() {
        List<Decoded> sample = rehearsal.sample();

        Translation translation = rehearsal.translate(sample);

        assertThat(sample).hasSize(301).allMatch(one -> one.object().isPresent());
        assertThat(translation.problems()).isEmpty();
        assertThat(translation.programmed()).hasSize(201);
        assertThat(translation.document()).containsKeys("services", "upstreams", "plugins");
        assertThat(translation.document().toString()).contains("10.0.1.99:8080", "strip_path=true");
    }

    @Test
    void endsAsSoonAsItIsOver() {
        AtomicInteger asked = new AtomicInteger();

        rehearsal.run(() -> asked.incrementAndGet() > 2);

        assertThat(asked).hasValue(3);
    }
}
