package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TriesTest {

    private final Tries tries = new Tries();

    @Test
    void goesToOtherTargetsUntilNoRetryIsLeft() {
        tries.begin(2);

        assertThat(tries.failed(ProxyFailure.CONNECT_FAILED, true, false)).isEqualTo(Tries.Next.ANOTHER_TARGET);
        assertThat(tries.failed(ProxyFailure.UPSTREAM_TIMEOUT, true, false)).isEqualTo(Tries.Next.ANOTHER_TARGET);
        assertThat(tries.failed(ProxyFailure.CONNECT_FAILED, true, false)).isEqualTo(Tries.Next.NONE);
    }

    @Test
    void repeatsNothingThatMustNotBeRepeated() {
        tries.begin(2);

        assertThat(tries.failed(ProxyFailure.CONNECTION_BROKEN, false, true)).isEqualTo(Tries.Next.NONE);
    }

    @Test
    void forgivesAnIdleConnectionThatWasClosedOnce() {
        tries.begin(1);

        assertThat(tries.failed(ProxyFailure.CONNECTION_BROKEN, true, true)).isEqualTo(Tries.Next.SAME_TARGET);
        assertThat(tries.freshOnly()).isTrue();
        assertThat(tries.failed(ProxyFailure.CONNECTION_BROKEN, true, true)).isEqualTo(Tries.Next.ANOTHER_TARGET);
        assertThat(tries.freshOnly()).isFalse();
        assertThat(tries.failed(ProxyFailure.CONNECTION_BROKEN, true, true)).isEqualTo(Tries.Next.SAME_TARGET);
        assertThat(tries.failed(ProxyFailure.CONNECTION_BROKEN, true, false)).isEqualTo(Tries.Next.NONE);
    }

    @Test
    void takesATimeoutOnAnIdleConnectionForAFailureOfTheUpstream() {
        tries.begin(0);

        assertThat(tries.failed(ProxyFailure.UPSTREAM_TIMEOUT, true, true)).isEqualTo(Tries.Next.NONE);
    }
}
