package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.settings.PoolSettings;
import io.sluice.node.settings.ProxySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Either end vanishes at a random byte of a random exchange, thousands of times: nothing is left behind, and what a client
 * gets is whole or visibly broken. {@code -Dchaos=full} for 100,000 times, {@code -Dchaos.seed} for another order.
 */
class ChaosIT {

    private static final int KILLS = "full".equals(System.getProperty("chaos")) ? 50_000 : 1_000;
    private static final long SEED = Long.getLong("chaos.seed", 20_240_501L);
    private static final int BATCH = 100;

    /** With and without kept connections: without, every upstream connection has to be closed. */
    @ParameterizedTest
    @ValueSource(ints = {0, 512})
    void leavesNothingBehind(int poolSize) {
        ChaosUpstream script = new ChaosUpstream();
        ProxySettings usual = ProxySettings.DEFAULT;
        ProxySettings settings = new ProxySettings(
                usual.trustedIps(),
                usual.realIpHeader(),
                usual.realIpRecursive(),
                usual.headers(),
                usual.errorDefaultType(),
                usual.portMaps(),
                usual.allowDebugHeader(),
                usual.client(),
                new PoolSettings(poolSize, 10_000, Duration.ofMillis(500)));
        try (RawUpstream upstream = RawUpstream.start(script);
                TestGateway gateway = TestGateway.start(Configs.to(upstream.port()), settings, List.of())) {
            Random random = new Random(SEED + poolSize);
            for (int i = 0; i < KILLS; i++) {
                ChaosPlan plan = ChaosPlan.random(random);
                script.plan(plan);
                String wrong = run(gateway, plan);
                assertThat(wrong).as("kill %d of seed %d: %s", i, SEED, plan).isEmpty();
                if (i % BATCH == BATCH - 1) {
                    script.plan(ChaosPlan.NONE);
                    assertNothingIsLeft(gateway);
                }
            }

            script.plan(ChaosPlan.NONE);
            assertNothingIsLeft(gateway);
            await().atMost(Duration.ofSeconds(10)).until(() -> upstream.open() == 0);
        }
    }

    private static void assertNothingIsLeft(TestGateway gateway) {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
        for (int i = 0; i < 4; i++) {
            assertThat(gateway.get("/fixed").body()).isEqualTo(ChaosPlan.BODY);
        }
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
    }

    /** Plays the client's part; gives what was wrong, "" if nothing. */
    private static String run(TestGateway gateway, ChaosPlan plan) {
        RawClient client = gateway.client();
        String request = plan.request();
        if (plan.clientDies() && !plan.afterRequest()) {
            client.trySend(request.substring(0, Math.min(plan.at(), request.length())));
            die(client, plan);
            return "";
        }
        client.trySend(request);
        if (plan.clientDies()) {
            client.readAtMost(plan.at());
            die(client, plan);
            return "";
        }
        if (plan.kind() == ChaosPlan.Kind.UPGRADE) {
            client.endOutput();
        }
        try (client) {
            return plan.judge(client.untilEnd());
        }
    }

    private static void die(RawClient client, ChaosPlan plan) {
        try {
            if (plan.reset()) {
                client.reset();
            } else {
                if (plan.at() % 3 == 0) {
                    client.socket().shutdownOutput();
                }
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
