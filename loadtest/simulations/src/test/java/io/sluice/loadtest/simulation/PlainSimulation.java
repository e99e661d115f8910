package io.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/** Traffic without plugins: 1,000 requests a second for 30 s, after a start that warms the nodes up. */
public final class PlainSimulation extends Simulation {

    private static final int USERS_PER_SECOND = 200;
    private static final int REQUESTS_EACH = 5;
    private static final int SECONDS = 30;
    private static final int P99_MILLIS = Integer.getInteger("p99", 100);

    public PlainSimulation() {
        ScenarioBuilder plain = scenario("plain")
                .repeat(REQUESTS_EACH)
                .on(exec(http("plain").get("/plain").check(status().is(200))));
        setUp(WarmUp.with(http("warm-up").get("/plain"))
                        .andThen(plain.injectOpen(
                                constantUsersPerSec(USERS_PER_SECOND).during(Duration.ofSeconds(SECONDS)))))
                .protocols(Nodes.protocol())
                .assertions(
                        global().allRequests().count().is((long) USERS_PER_SECOND * REQUESTS_EACH * SECONDS),
                        global().failedRequests().count().is(0L),
                        global().responseTime().percentile(99).lt(P99_MILLIS));
    }
}
