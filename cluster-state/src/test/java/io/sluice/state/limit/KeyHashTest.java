package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
    private static final UUID RULE = new UUID(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    private final KeyHash hash = new KeyHash(RULE);

    /** Nodes of all versions must agree: these values never change. */
    @ParameterizedTest
    @CsvSource({
        "'', abac0158050fc4dc",
        "a, 1c2697ab786a6237",
        "10.0.0.1, ca31e2b296b716b0",
        "0123456789abcdef, 75bdb318827ca0c7",
        "\u00e4\u4f60, 43511bdcec873a44"
    })
    void isTheSameOnAllNodes(String key, String expected) {
        assertThat(Long.toHexString(hash.of(key))).isEqualTo(expected);
    }

    @Test
    void tellsSimilarKeysApart() {
        Set<Long> seen = new HashSet<>();
        IntStream.range(0, 100_000).forEach(i -> seen.add(hash.of("10.0." + i / 256 + "." + i % 256)));
        IntStream.range(0, 300).forEach(i -> seen.add(hash.of("\0".repeat(i))));

        assertThat(seen).hasSize(100_300);
    }

    @Test
    void dependsOnTheRule() {
        assertThat(new KeyHash(new UUID(0, 1)).of("a")).isNotEqualTo(new KeyHash(new UUID(1, 0)).of("a"));
    }
}
