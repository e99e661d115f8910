package io.sluice.loadtest.simulation;

import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CoreDsl;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.concurrent.atomic.LongAdder;

/** Counts the answers to limited requests: Gatling takes 429 for what it is, an answer as good as 200, and would not tell them apart. */
final class Admissions {

    private static final String STATUS = "status";
    private static final int OK = 200;
    private static final int TOO_MANY = 429;

    private final LongAdder admitted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** A request that is admitted or refused; anything else is a failure. */
    ChainBuilder count(HttpRequestActionBuilder request) {
        return CoreDsl.exec(session -> session.remove(STATUS))
                .exec(request.check(status().in(OK, TOO_MANY), status().saveAs(STATUS)))
                .exec(session -> {
                    int answer = session.contains(STATUS) ? session.getInt(STATUS) : 0;
                    if (answer == OK) {
                        admitted.increment();
                    } else if (answer == TOO_MANY) {
                        refused.increment();
                    }
                    return session;
                });
    }

    /** For loadtest/simulate, which compares it with what was expected. */
    void print(long expected) {
        System.out.println("ADMITTED " + admitted.sum() + " EXPECTED " + expected + " REFUSED " + refused.sum());
    }
}
