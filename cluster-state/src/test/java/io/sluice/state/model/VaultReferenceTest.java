package io.sluice.state.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultReferenceTest {

    @Test
    void readsAllParts() {
        assertThat(VaultReference.parse("{vault://my-env/db/password?prefix=APP_&x=1#2}"))
                .contains(new VaultReference("my-env", "db", "password", Map.of("prefix", "APP_", "x", "1")));
        assertThat(VaultReference.parse("{vault://env/secret}"))
                .contains(new VaultReference("env", "secret", null, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "{vault://env}", "{vault:///x}", "{vault://env/}", "{vault://env/x"})
    void refusesWhatNamesNoSecret(String text) {
        assertThat(VaultReference.parse(text)).isEmpty();
    }
}
