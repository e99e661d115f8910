package io.sluice.k8s.translate.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    private static final Map<String, @Nullable Object> TREE =
            Map.of("config", Map.of("hosts", List.of("fine", "s3cret"), "limit", 5L));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "invalid hostname: s3cret",
                "invalid tag 's3cret': expected printable ascii",
                "Invalid target ('s3cret'); not a valid hostname",
                "not an ip address: s3cret (expected: one)"
            })
    void aMessageThatSaysTheValueIsHidden(String message) {
        String hidden = new Fault("config", "config.hosts[1]", message).hidden(TREE);

        assertThat(hidden).doesNotContain("s3cret").contains("not shown");
    }

    @Test
    void aMessageThatDoesNotStaysAsItIs() {
        assertThat(new Fault("config", "config.hosts[1]", "expected one of: a, b").hidden(TREE))
                .isEqualTo("expected one of: a, b");
        assertThat(new Fault("config", "config.limit", "value should be less than 5").hidden(TREE))
                .isEqualTo("value should be less than 5");
        assertThat(new Fault("config", "config.other", "unknown field").hidden(TREE))
                .isEqualTo("unknown field");
    }
}
