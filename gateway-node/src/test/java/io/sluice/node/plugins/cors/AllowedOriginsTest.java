package io.sluice.node.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which origins a list allows; every other one of {@link #ORIGINS} is not. */
class AllowedOriginsTest {
    private static final List<String> ORIGINS = List.of(
            "http://evil.test",
            "http://foo.test",
            "http://foo.test.evil.test",
            "http://something.foo.test",
            "http://evilfoo.test",
            "http://foo.test:80",
            "http://foo.test:8000",
            "https://foo.test:8000",
            "http://foo.test:90",
            "http://foobtest",
            "https://bar.test:1234",
            "null",
            "foo.test");

    static Stream<Arguments> allows() {
        return Stream.of(
                arguments(
                        List.of("foo\\.test"),
                        List.of(
                                "http://foo.test",
                                "http://foo.test",
                                "http://foo.test:8000",
                                "https://foo.test:8000",
                                "http://foo.test:90",
                                "foo.test")),
                arguments(
                        List.of("(.*[./])?foo\\.test"),
                        List.of(
                                "http://foo.test",
                                "http://something.foo.test",
                                "http://foo.test",
                                "http://foo.test:8000",
                                "https://foo.test:8000",
                                "http://foo.test:90",
                                "foo.test")),
                arguments(
                        List.of("(.*[./])?foo\\.test:8000"), List.of("http://foo.test:8000", "https://foo.test:8000")),
                arguments(List.of("https://(.*[.])?foo\\.test:8000"), List.of("https://foo.test:8000")),
                arguments(
                        List.of("^http://(.*[.])?foo\\.test(:(80|90))?$"),
                        List.of(
                                "http://foo.test",
                                "http://something.foo.test",
                                "http://foo.test",
                                "http://foo.test:90")),
                arguments(List.of("foo.test", "bar.test"), List.of("foo.test")),
                arguments(
                        List.of("http://foo.test", "https://bar.test:1234"),
                        List.of("http://foo.test", "http://foo.test", "https://bar.test:1234")),
                arguments(List.of("bar.test", "https://(.*\\.)?foo\\.test:8000"), List.of("https://foo.test:8000")),
                arguments(List.of("http://foo.test:80/", "x"), List.of("http://foo.test", "http://foo.test")),
                arguments(List.of("http://foo\\.test|http://evil"), List.of("http://foo.test", "http://foo.test")));
    }

    @ParameterizedTest
    @MethodSource
    void allows(List<String> entries, List<String> allowed) {
        var origins = AllowedOrigins.of(entries);

        assertThat(ORIGINS.stream().map(origins::allow).filter(answer -> answer != null))
                .containsExactlyElementsOf(allowed);
        assertThat(origins.allow(null)).isNull();
        assertThat(origins.varies()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("single")
    void namesASinglePlainOriginToEverybody(String entry) {
        var origins = AllowedOrigins.of(List.of(entry));

        assertThat(ORIGINS).allMatch(origin -> entry.equals(origins.allow(origin)));
        assertThat(origins.allow(null)).isEqualTo(entry);
        assertThat(origins.varies()).isTrue();
    }

    static Stream<String> single() {
        return Stream.of("foo.test", "https://bar.test:1234");
    }

    @Test
    void whatHasNoRoomWrittenOutIsRefused() {
        assertThat(AllowedOrigins.wellFormed("(.*[.])?foo\\.test")).isTrue();
        assertThat(AllowedOrigins.wellFormed("((((a{1,100}){1,100}){1,100}){1,100})"))
                .isFalse();
    }
}
