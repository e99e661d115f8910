package io.sluice.node.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretNamesTest {
    private static final SecretNames NAMES = SecretNames.with(List.of("X-Key"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a?apikey=s             | /a?apikey=REDACTED",
                "/a?b=c&apikey=s&d=e     | /a?b=c&apikey=REDACTED&d=e",
                "/a?apikey=s&apikey=t    | /a?apikey=REDACTED&apikey=REDACTED",
                "/a?APIKEY=s             | /a?APIKEY=REDACTED",
                "/a?x-key=s=t            | /a?x-key=REDACTED",
                "/a?%61pikey=s           | /a?%61pikey=REDACTED",
                "/a?apikey=              | /a?apikey=REDACTED",
                "/a?x=?&apikey=s         | /a?x=?&apikey=REDACTED",
                "/a?&&apikey=s&          | /a?&&apikey=REDACTED&",
            })
    void masksTheValuesOfSecretArguments(String url, String logged) {
        assertThat(NAMES.masked(url)).isEqualTo(logged);
    }

    @ParameterizedTest
    @CsvSource({"/apikey=s", "/a?", "/a?apikey", "/a?apikeys=s", "/a?b=apikey", "/a?%zz=s", "/a?+apikey=s"})
    void keepsEverythingElse(String url) {
        assertThat(NAMES.masked(url)).isSameAs(url);
    }

    @Test
    void knowsItsNamesWithoutCase() {
        assertThat(NAMES.contains("x-kEY")).isTrue();
        assertThat(SecretNames.USUAL.contains("x-key")).isFalse();
    }

    @Property
    void noSecretThatAPluginWouldFindIsShown(@ForAll String before, @ForAll String after) {
        String masked = NAMES.masked("/?" + before + "&apikey=s3cret&" + after);

        assertThat(UrlEncoded.parse(masked.substring(2)))
                .filteredOn(argument -> argument.name().equals("apikey") && !argument.flag())
                .extracting(UrlEncoded.Argument::value)
                .containsOnly("REDACTED");
    }
}
