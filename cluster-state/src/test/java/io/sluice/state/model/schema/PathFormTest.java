package io.sluice.state.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathFormTest {

    @ParameterizedTest
    @CsvSource({
        "/,            /",
        "/a/./b/../c,  /a/c",
        "/a/..,        /",
        "/a/.,         /a/",
        "/..,          /",
        "/a//b///c,    /a/b/c",
        "/%61%2f%2F,   /a%2F%2F",
        "/%7e%20,      /~%20",
        "/a/%2e%2e/b,  /b",
        "/é,           /%C3%A9",
        "/%c3%a9,      /%C3%A9",
        "/[a]{b},      /[a]%7Bb%7D"
    })
    void hasOneSpelling(String path, String normal) {
        assertThat(PathForm.normalize(path)).isEqualTo(normal);
        assertThat(PathForm.normalize(normal)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({"/a%20,''", "/a%,%", "/%4,%4", "/%zz1,%zz", "/%20%g,%g"})
    void findsTheFirstBrokenEscape(String path, String broken) {
        assertThat(PathForm.brokenEscape(path)).isEqualTo(broken);
    }
}
