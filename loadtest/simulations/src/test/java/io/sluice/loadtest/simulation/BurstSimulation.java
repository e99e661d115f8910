package io.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * A flash burst over all nodes on one limit, by default 2,000 an hour: some traffic, then three times the limit as fast as
 * the machine can, then some traffic again. Exactly the limit is admitted.
 */
public final class BurstSimulation extends Simulation {

    private static final int LIMIT = Integer.getInteger("limit", 2_000);
    private static final int USUAL = 100;
    private static final int P99_MILLIS = Integer.getInteger("p99", 4_000);

    private final Admissions admissions = new Admissions();

    public BurstSimulation() {
        Duration calm = Duration.ofSeconds(5);
        PopulationBuilder burst = scenario("burst")
                .exec(admissions.count(http("burst").get("/burst")))
                .injectOpen(
                        constantUsersPerSec(USUAL).during(calm),
                        atOnceUsers(3 * LIMIT),
                        nothingFor(calm),
                        constantUsersPerSec(USUAL).during(calm));
        setUp(WarmUp.with(http("warm-up").get("/warm")).andThen(burst))
                .protocols(Nodes.protocol())
                .assertions(
                        global().allRequests().count().is(3L * LIMIT + 2 * calm.toSeconds() * USUAL),
                        global().failedRequests().count().is(0L),
                        global().responseTime().percentile(99).lt(P99_MILLIS));
    }

    @Override
    public void after() {
        admissions.print(LIMIT);
    }
}
