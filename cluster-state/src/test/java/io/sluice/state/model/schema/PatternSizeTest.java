package io.sluice.state.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternSizeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/foo/\\d+(?:\\.json)?$",
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}",
                "(?:[a-z0-9]{1,63}\\.){1,100}",
                ".{1,1000}",
                "(a{9}){9}",
                "\\p{Greek}{1000}",
                "[{]{5000}",
                "[]{99999}]{10}",
                "[[:alpha:]{99999}]",
                "\\{99999}",
                "{99999}",
                "a{99999999999}",
                "a{1,x}",
                "a{",
                "(((",
                ")))",
                "[",
                "\\"
            })
    void whatPeopleWriteIsSmall(String pattern) {
        assertThat(PatternSize.excess(pattern)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((a{1,100}){1,100}){1,100}){1,100})",
                "(?:(?:a{1000}){1000}){1000}",
                "(?:a|b|c){5000}",
                "(a{100}){100,}",
                "[a-z]{10001}",
                "\\d{10001}",
                "(((a{999999999}){999999999}){999999999}){999999999}"
            })
    void repetitionsMultiply(String pattern) {
        assertThat(PatternSize.excess(pattern)).get().asString().contains("expected: at most 10000 characters");
    }

    @Test
    void lengthCountsWithoutRepetitionsToo() {
        assertThat(PatternSize.excess("a".repeat(10_000))).isEmpty();
        assertThat(PatternSize.excess("a".repeat(10_001))).isPresent();
        assertThat(PatternSize.excess("a|".repeat(5_001))).isPresent();
    }

    @Test
    void groupsMayBeNestedSoDeep() {
        assertThat(PatternSize.excess("(".repeat(200) + ")".repeat(200))).isEmpty();
        assertThat(PatternSize.excess("(".repeat(201))).get().asString().contains("expected: at most 200 levels");
        assertThat(PatternSize.excess("(a)".repeat(2_000))).isEmpty();
    }
}
