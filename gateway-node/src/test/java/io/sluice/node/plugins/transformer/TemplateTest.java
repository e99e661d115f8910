package io.sluice.node.plugins.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.node.plugin.ExchangeFixture;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain | plain",
                "a $ b ( c ) | a $ b ( c )",
                "$(headers[\"x-a\"]) | one",
                "$(headers['X-A']) | one",
                "$(headers.x_a) | one",
                "$(headers.host) | example.com",
                "<$(headers.missing)> | <>",
                "$(headers[\"x-b\"] or \"b\") | b",
                "$(headers[\"x-b\"] or headers[\"x-a\"] or \"b\") | one",
                "$((headers.none or (query_params.none or 'deep'))) | deep",
                "$(query_params.q) | v 1",
                "$(query_params[\"a-b\"]) | 2",
                "$(query_params.flag) | true",
                "$(query_params.twice) | first",
                "$(uri_captures[1]) | 42",
                "$(uri_captures[\"id\"]) | 42",
                "$(uri_captures.id) | 42",
                "$(uri_captures[0]) | /u/42",
                "<$(shared.anything)> | <>",
                "$(shared.anything or 'none') | none",
                "$( headers.x_a )-$(query_params['q'])! | one-v 1!",
                "$('a\\'b)') | a'b)",
                "$(headers.empty or 'b')< | <",
            })
    void rendersExpressions(String template, String text) {
        var exchange = ExchangeFixture.get("/u/42?q=v+1&a-b=2&flag&twice=first&twice=second")
                .header("X-A", "one")
                .header("Empty", "")
                .captures(Map.of("0", "/u/42", "1", "42", "id", "42"));

        assertThat(Template.parse(template).render(new ExchangeInput(exchange))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$(os.execute('x')) | template '$(os.execute('x'))', position 5 (expected: headers, query_params, uri_captures, shared or a string, not 'os')",
                "$(headers.a | template '$(headers.a', position 12 (expected: a closing parenthesis or quote)",
                "$(headers['a) | template '$(headers['a)', position 14 (expected: a closing parenthesis or quote)",
                "$() | template '$()', position 3 (expected: a name)",
                "$(headers) | template '$(headers)', position 10 (expected: '[')",
                "$(headers['a b']) | template '$(headers['a b'])', position 17 (expected: a header name, not 'a b')",
                "$(headers.a .. 'b') | template '$(headers.a .. 'b')', position 13 (expected: ')')",
                "$(uri_captures[n]) | template '$(uri_captures[n])', position 16 (expected: a string or a number)",
                "$(headers.a and 'b') | template '$(headers.a and 'b')', position 13 (expected: ')')",
            })
    void refusesWhatIsOutsideTheLanguage(String template, String message) {
        assertThatThrownBy(() -> Template.parse(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Property(tries = 5000)
    void anyTextIsReadOrRefusedWithAMessage(@ForAll("texts") String text) {
        try {
            assertThat(Template.parse(text).render(new ExchangeInput(ExchangeFixture.get("/?a=b"))))
                    .isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("template '");
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("$(", ")", "(", "headers", ".a", "['b']", "[1]", " or ", "'", "\"", "\\", "x", "shared")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }
}
