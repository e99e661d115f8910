package io.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * 10,000 consumers with a key each and a limit of their own, by default 5 an hour: each asks one time more often than it may,
 * all over the nodes, and not one request more than 50,000 may be admitted.
 */
public final class ConsumersSimulation extends Simulation {

    private static final int CONSUMERS = Integer.getInteger("consumers", 10_000);
    private static final int LIMIT = Integer.getInteger("limit", 5);
    private static final int SECONDS = Integer.getInteger("seconds", 60);
    private static final int P99_MILLIS = Integer.getInteger("p99", 150);

    private final Admissions admissions = new Admissions();

    public ConsumersSimulation() {
        int rounds = LIMIT + 1;
        Iterator<Map<String, Object>> keys = IntStream.range(0, rounds)
                .boxed()
                .flatMap(round -> IntStream.range(0, CONSUMERS).boxed())
                .<Map<String, Object>>map(consumer -> Map.of("key", "key-" + consumer))
                .iterator();
        // A user for each request: Gatling gives every user the next node.
        PopulationBuilder consumers = scenario("consumers")
                .feed(keys)
                .exec(admissions.count(http("consumer").get("/consumers").header("apikey", "#{key}")))
                .injectOpen(constantUsersPerSec((double) CONSUMERS * rounds / SECONDS)
                        .during(Duration.ofSeconds(SECONDS)));
        setUp(WarmUp.with(http("warm-up").get("/consumers")).andThen(consumers))
                .protocols(Nodes.protocol())
                .assertions(
                        global().failedRequests().count().is(0L),
                        global().allRequests().count().is((long) CONSUMERS * rounds),
                        global().responseTime().percentile(99).lt(P99_MILLIS));
    }

    @Override
    public void after() {
        admissions.print((long) CONSUMERS * LIMIT);
    }
}
