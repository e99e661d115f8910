package io.sluice.node.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.UrlEncoded.Argument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlEncodedTest {
    @Test
    void readsArgumentsInOrder() {
        assertThat(UrlEncoded.parse("a=1&b&a=%32&&c=x=y&=z"))
                .containsExactly(
                        new Argument("a", "1", false),
                        new Argument("b", "", true),
                        new Argument("a", "2", false),
                        new Argument("c", "x=y", false),
                        new Argument("", "z", false));
        assertThat(UrlEncoded.parse("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain | plain",
                "a+b%20c | a b c",
                "%C3%BC | \u00fc",
                "100% | 100%",
                "%zz | %zz",
                "%4 | %4",
                "%41 | A",
                "\u00fc%41 | \u00fcA"
            })
    void decodesEscapesAndLeavesBrokenOnesAlone(String text, String decoded) {
        assertThat(UrlEncoded.decode(text)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "key=1, ''",
                "a=1&key=1&b=%20, a=1&b=%20",
                "k%65y=1&keys=2, keys=2",
                "key&a, a",
                "a=key&b=+, a=key&b=+",
                "'', ''"
            })
    void removesArgumentsByTheirDecodedName(String text, String rest) {
        assertThat(UrlEncoded.without(text, "key")).isEqualTo(rest);
    }
}
