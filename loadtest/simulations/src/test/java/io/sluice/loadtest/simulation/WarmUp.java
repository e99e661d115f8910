package io.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lets nodes and Gatling, all new processes, compile what they need; in no report and on no limit that is counted. */
final class WarmUp {

    private static final int USERS_PER_SECOND = 1_000;
    private static final Duration LENGTH = Duration.ofSeconds(25);
    /** As many as loadtest/simulate has made for it. */
    private static final int KEYS = 1_000;

    private WarmUp() {}

    /** The request with the header {@code apikey} of one of a thousand consumers that nobody else uses. */
    static PopulationBuilder with(HttpRequestActionBuilder request) {
        Stream<Map<String, Object>> keys =
                IntStream.iterate(0, i -> (i + 1) % KEYS).mapToObj(i -> Map.of("warm", "warm-" + i));
        OpenInjectionStep ramp = rampUsersPerSec(10).to(USERS_PER_SECOND).during(LENGTH);
        return scenario("warm-up")
                .feed(keys.iterator())
                .exec(request.header("apikey", "#{warm}").silent())
                .injectOpen(ramp);
    }
}
