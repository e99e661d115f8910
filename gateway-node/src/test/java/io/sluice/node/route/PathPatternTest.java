package io.sluice.node.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            /foo ~ /foo
            ^/foo ~ /foo
            /foo$ ~ /foo
            /foo/\\d+ ~ /foo/
            /foo\\.json ~ /foo.json
            /foo\\.? ~ /foo
            /foo? ~ /fo
            /foo*bar ~ /fo
            /foo+ ~ /fo
            /fo{2} ~ /f
            /foo.bar ~ /foo
            /foo[ab] ~ /foo
            /foo(a|b) ~ /foo
            /foo|/bar ~ ``
            /a[|]b|c ~ ``
            /a(b|c)[x] ~ ``
            \\Q/foo\\E ~ ``
            (?i)/foo ~ ``
            .* ~ ``
            """)
    void knowsWhatEveryMatchBeginsWith(String pattern, String literal) {
        assertThat(PathPattern.of(pattern).literal()).isEqualTo(literal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            /foo ~ /foobar ~ 4
            /foo$ ~ /foo ~ 4
            /foo$ ~ /foobar ~ -1
            /foo$ ~ /a/foo ~ -1
            /foo/\\d+ ~ /foo/123/x ~ 8
            /foo/\\d+$ ~ /foo/123/x ~ -1
            /foo/\\d+ ~ /a/foo/1 ~ -1
            /a|/b ~ /b/c ~ 2
            /a|/b ~ /x/b ~ -1
            (?i)/FOO ~ /foo/x ~ 4
            /f(?=oo) ~ /foo ~ 2
            /f(?=oo) ~ /fox ~ -1
            /(?<!x)a ~ /a ~ 2
            /(a)\\1 ~ /aab ~ 3
            /a{2000} ~ /aaa ~ -1
            """)
    void matchesFromTheStartOnly(String pattern, String path, int length) {
        var match = PathPattern.of(pattern).match(path);

        assertThat(match == null ? -1 : match.length()).isEqualTo(length);
    }

    @Test
    void keepsGroupsByNumberAndName() {
        var linear = PathPattern.of("/users/(?P<user_id>\\d+)/(?<rest>.*)").match("/users/42/x/y");
        var bounded =
                PathPattern.of("/users/(?=4)(?P<user_id>\\d+)/(?<rest>.*)").match("/users/42/x/y");

        assertThat(linear.groups())
                .containsOnly(
                        entry("0", "/users/42/x/y"),
                        entry("1", "42"),
                        entry("2", "x/y"),
                        entry("user_id", "42"),
                        entry("rest", "x/y"));
        assertThat(bounded.groups()).isEqualTo(linear.groups());
    }

    @Test
    void leavesOutGroupsThatTookNoPart() {
        var match = PathPattern.of("/(users/)?1984/(?<subpath>profile)$").match("/1984/profile");

        assertThat(match.groups())
                .containsOnly(entry("0", "/1984/profile"), entry("2", "profile"), entry("subpath", "profile"));
    }

    @Test
    void understandsReferencesToNamedGroups() {
        assertThat(PathPattern.of("/(?<a_b>\\w)\\k<a_b>1").match("/xx1")).isNotNull();
        assertThat(PathPattern.of("/(?<a_b>\\w)\\k{a_b}1").match("/xy1")).isNull();
        assertThat(PathPattern.of("/(?P<a>\\w)(?P=a)").match("/zz")).isNotNull();
        assertThat(PathPattern.of("/(?<a>\\w)[(](?!x)(\\w)\\k'a'")
                        .match("/q(rq")
                        .groups())
                .containsEntry("2", "r");
    }

    @Test
    void givesUpOnAPatternThatBacktracksWithoutEnd() {
        var pattern = PathPattern.of("/(?=a)(a+)+$");
        String hostile = "/" + "a".repeat(5_000) + "!";

        var match = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> pattern.match(hostile));

        assertThat(match).isNull();
    }

    @Test
    void survivesAPatternThatRecursesForEveryCharacter() {
        var pattern = PathPattern.of("/(?=a)(?:a|b)*$");

        assertThat(pattern.match("/" + "ab".repeat(100))).isNotNull();
        assertThat(pattern.match("/" + "ab".repeat(40_000) + "!")).isNull();
    }

    @Test
    void saysWhatIsWrongWithAPattern() {
        assertThatThrownBy(() -> PathPattern.of("/a(b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'/a(b' (expected: a regular expression");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/((((a{1,100}){1,100}){1,100}){1,100})", "/(?=a)((((a{1,100}){1,100}){1,100}){1,100})"})
    void whatHasNoRoomWrittenOutIsRefused(String pattern) {
        assertThatThrownBy(() -> PathPattern.of(pattern)).hasMessageContaining("expected: at most 10000 characters");
    }

    @Test
    void groupsNestedTooDeepAreRefused() {
        String pattern = "/" + "(".repeat(50_000) + ")".repeat(50_000);

        assertThatThrownBy(() -> PathPattern.of(pattern)).hasMessageContaining("expected: at most 200 levels");
    }
}
