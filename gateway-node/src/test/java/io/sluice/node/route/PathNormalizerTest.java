package io.sluice.node.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathNormalizerTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            /, /
            //, /
            /a//b, /a/b
            //a//b, /a/b
            /a///, /a/
            /a/./b, /a/b
            /a/., /a/
            /., /
            /a/.., /
            /a/b/.., /a/
            /a/b/../, /a/
            /a/b/../c, /a/c
            /a//../b, /b
            /a/b/../../c, /c
            /%2e/a, /a
            /a/%2e%2E/b, /b
            /a/.%2e, /
            /%7euser, /~user
            /%73tatus, /status
            /a%2fb, /a%2Fb
            /a%2Fb, /a%2Fb
            /a%3b%2c%3a, /a%3B%2C%3A
            /a%20b, /a b
            /a%22%7B%7c%7D, /a"{|}
            /%21%2A%27%28%29%40%26%3D%2B%24%3F%23%5B%5D, /%21%2A%27%28%29%40%26%3D%2B%24%3F%23%5B%5D
            /%25, /%25
            /%252e%252e/a, /%252e%252e/a
            /%2525, /%2525
            /a%0d%0ab, /a%0D%0Ab
            /%7f, /%7F
            /.well-known/x, /.well-known/x
            /..a/b.., /..a/b..
            /...., /....
            /a/...;x, /a/...;x
            /a;x=1/b, /a;x=1/b
            /a;..;b, /a;..;b
            /a\\b, /a\\b
            /a%5cb, /a\\b
            /%C3%A9, /\u00C3\u00A9
            """)
    void decodesOnceMergesAndResolves(String raw, String normal) {
        assertThat(PathNormalizer.normalize(raw)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "?",
                "/a%zz",
                "/a%",
                "/a%4",
                "/%%41",
                "/%-1",
                "/a%00",
                "/a\0",
                "/a\tb",
                "/a\r\nb",
                "/a\u007F",
                "/a#b",
                "/a?b",
                "/\u0100",
                "/%\u0664\u0661"
            })
    void refusesWhatIsMalformed(String raw) {
        assertThat(PathNormalizer.normalize(raw)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../a",
                "/a/../..",
                "/a/../../b",
                "/%2e%2e/a",
                "/a/..%2fb",
                "/a/%2e%2e%2Fb",
                "/a/b%2F..",
                "/a/b%2f../c",
                "/a/.%2Fb",
                "/a/..%5cb",
                "/a/..\\b",
                "/a/b\\..",
                "/a/..;/b",
                "/a/..;x=1/b",
                "/a/.;/b",
                "/a/..%3b/b",
                "/a/b%2F..;x%2Fc",
                "/%c0%ae%c0%ae/a",
                "/%c0%af",
                "/%c1%9c",
                "/%e0%80%af",
                "/%f0%80%80%af",
                "/\u00C0\u00AE/a"
            })
    void refusesWhatLeavesTheRootOrHidesDotSegments(String raw) {
        assertThat(PathNormalizer.normalize(raw)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/", "/api/v1/users/42", "/a.b/c-d_e~f", "/.well-known/x", "/a%2Fb", "/a;b=c"})
    void givesBackTheSameObjectIfNothingChanges(String raw) {
        assertThat(PathNormalizer.normalize(raw)).isSameAs(raw);
    }

    @Test
    void keepsLatin1AndOtherBytesThatAreNoOverlongAscii() {
        assertThat(PathNormalizer.normalize("/%E9t%E9")).isEqualTo("/\u00E9t\u00E9");
        assertThat(PathNormalizer.normalize("/%FF%FE")).isEqualTo("/\u00FF\u00FE");
    }
}
