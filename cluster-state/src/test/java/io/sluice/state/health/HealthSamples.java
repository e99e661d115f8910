package io.sluice.state.health;

import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.health.HealthReport.TargetView;
import io.sluice.state.wire.WireMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One of each thing that nodes say about health, as node 42 sends it, and health checks for tests. */
public final class HealthSamples {

    static final TargetAddress ONE = new TargetAddress("orders", "a.internal:8080", "10.0.0.1", 8080);
    static final TargetAddress OTHER = new TargetAddress("orders", "[::1]:80", "0:0:0:0:0:0:0:1", 80);
    private static final Verdict DOWN = new Verdict(
            ONE, 1_790_000_000_123L, false, Cause.PROBES_REFUSED, -42, 1_790_000_000_000L, "connection refused");
    private static final Verdict UP =
            new Verdict(OTHER, 1_790_000_060_000L, true, Cause.MANUAL, 7, 1_790_000_060_000L, "");

    private HealthSamples() {}

    public static List<WireMessage> all() {
        TargetView view = new TargetView(
                ONE,
                false,
                Optional.of(DOWN),
                OwnOpinion.DOWN,
                42,
                -7,
                new Evidence(0, 2, 1, 300),
                new Evidence(5, 0, 0, 0),
                "status 503");
        TargetView quiet =
                new TargetView(OTHER, true, Optional.empty(), OwnOpinion.NONE, 42, 0, Evidence.NONE, Evidence.NONE, "");
        return List.of(
                VerdictLedger.of(1_789_999_700_000L, List.of(UP, DOWN)),
                new HealthMessage.Verdicts(42, List.of(DOWN, UP)),
                new HealthMessage.VerdictsWanted(42),
                new HealthMessage.Seen(42, List.of(new HealthMessage.Notice(ONE, new Evidence(0, 1, 2, 3)))),
                new HealthMessage.Unwatched(42, "orders"),
                new HealthMessage.ProbeWanted(42, 17, ONE, true),
                new HealthMessage.ProbeDone(42, 17, Finding.BAD_ANSWER, "status 500"),
                new HealthMessage.VouchWanted(42, 18, OTHER),
                new HealthMessage.Vouched(42, 18, true),
                new HealthMessage.OddOneOut(42, ONE),
                new HealthMessage.GuardsPart(
                        42,
                        3,
                        List.of(
                                new GuardView("orders", "open", 1_790_000_000_000L, -7, List.of("a:80 10.0.0.1:80")),
                                new GuardView("users", "", 0, 0, List.of()))),
                new HealthMessage.ReportWanted(42, 3),
                new HealthMessage.ReportPart(42, 3, true, false, List.of(view, quiet)));
    }

    /** Messages with fields that were added later, by the name of these. */
    public static Map<String, WireMessage> extended() {
        Evidence evidence = new Evidence(0, 1, 4, 3, 2);
        TargetView view =
                new TargetView(ONE, true, Optional.empty(), OwnOpinion.NONE, 42, -7, evidence, Evidence.NONE, "");
        return Map.of(
                "seen-connect-timeouts",
                new HealthMessage.Seen(
                        42,
                        List.of(
                                new HealthMessage.Notice(OTHER, Evidence.NONE),
                                new HealthMessage.Notice(ONE, evidence))),
                "report-connect-timeouts",
                new HealthMessage.ReportPart(42, 3, true, true, List.of(view)));
    }

    /** HTTP probes at these intervals; two of a kind bring a target down or up; traffic: see the next. */
    static Healthchecks checks(Duration whenUp, Duration whenDown) {
        Statuses good = Statuses.of(List.of(200, 302));
        Statuses bad = Statuses.of(List.of(429, 500, 503));
        return new Healthchecks(
                new Healthchecks.Active(
                        ProbeType.HTTP,
                        Duration.ofSeconds(1),
                        10,
                        "/",
                        Optional.empty(),
                        true,
                        Map.of(),
                        new Healthchecks.Healthy(whenUp, good, 2),
                        new Healthchecks.Unhealthy(whenDown, bad, 2, 2, 2)),
                new Healthchecks.Passive(
                        ProbeType.HTTP,
                        new Healthchecks.Healthy(Duration.ZERO, good, 2),
                        new Healthchecks.Unhealthy(Duration.ZERO, bad, 2, 3, 3)),
                0);
    }

    /** Only traffic: 2 refused connections, 3 timeouts or 3 bad answers bring a target down, 2 good ones up. */
    static Healthchecks passive() {
        return checks(Duration.ZERO, Duration.ZERO);
    }
}
