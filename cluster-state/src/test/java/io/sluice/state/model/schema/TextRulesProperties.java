package io.sluice.state.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.HostPort;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Texts are compared character by character; regular expressions say the same in fewer words. */
class TextRulesProperties {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~\\x{80}-\\x{10ffff}-]+");
    private static final Pattern TAG = Pattern.compile("[ -+.0-~\\x{80}-\\x{10ffff}-]+");
    private static final Pattern METHOD = Pattern.compile("[A-Z]+");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    /** Labels that are not empty and do not end in a dash; a dot may end them all. */
    private static final Pattern HOST =
            Pattern.compile("([0-9A-Za-z_-]*[0-9A-Za-z_]\\.)*[0-9A-Za-z_-]*[0-9A-Za-z_]\\.?");

    @Property
    void sayWhatTheExpressionsSay(@ForAll("texts") String text) {
        assertThat(fine(TextRules.name(), text)).isEqualTo(NAME.matcher(text).matches());
        assertThat(fine(TextRules.tag(), text)).isEqualTo(TAG.matcher(text).matches());
        assertThat(fine(TextRules.method(), text))
                .isEqualTo(METHOD.matcher(text).matches());
        assertThat(fine(Rules.headerName(), text))
                .isEqualTo(HEADER.matcher(text).matches());
    }

    @Property
    void idsAreHexDigitsInFiveGroups(@ForAll("ids") String text) {
        assertThat(fine(Rules.uuid(), text)).isEqualTo(UUID.matcher(text).matches());
    }

    @Property
    void namesOfHostsAreLabels(@ForAll("hosts") String text) {
        boolean address = text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');

        if (!address) {
            assertThat(HostPort.parse(text).isPresent())
                    .isEqualTo(HOST.matcher(text).matches());
            assertThat(HostPort.parse(text + ":80").map(HostPort::port))
                    .isEqualTo(HostPort.parse(text).map(host -> 80));
        }
    }

    private static boolean fine(Rule rule, String text) {
        return rule.test().apply(text).isEmpty();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange(' ', '\u007f')
                .withChars("aZ9_-.~,/\n\u00e9\u4e2d")
                .ofMaxLength(4);
    }

    @Provide
    Arbitrary<String> ids() {
        Arbitrary<String> good =
                Arbitraries.create(() -> java.util.UUID.randomUUID().toString());
        Arbitrary<Integer> places = Arbitraries.integers().between(0, 35);
        Arbitrary<Character> other = Arbitraries.of('-', 'g', 'F', '0', '\u0660', '\n');
        return net.jqwik.api.Combinators.combine(good, places, other)
                .as((text, at, c) -> text.substring(0, at) + c + text.substring(at + (c == '\n' ? 0 : 1)));
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.strings().withChars("a1.-_*\n").ofMaxLength(6);
    }
}
