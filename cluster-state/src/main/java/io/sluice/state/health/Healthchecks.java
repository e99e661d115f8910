package io.sluice.state.health;

import io.sluice.state.model.schema.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code healthchecks} of an upstream. In all of them an interval or a limit of 0 means: not at all.
 *
 * @param threshold the percentage of weight that must be exceeded by what is available, or the upstream as a whole is down
 */
public record Healthchecks(Active active, Passive passive, double threshold) {

    /**
     * Probing.
     *
     * @param timeout of one probe, from its begin to the head of the answer; see {@link #patience}
     * @param concurrency how many probes of this upstream may be on their way at once
     * @param httpPath also the service's name for gRPC, as Kong has it
     * @param httpsSni server name to ask for; otherwise that of the target
     * @param headers more of them for each request
     */
    public record Active(
            ProbeType type,
            Duration timeout,
            int concurrency,
            String httpPath,
            Optional<String> httpsSni,
            boolean verifyCertificate,
            Map<String, List<String>> headers,
            Healthy healthy,
            Unhealthy unhealthy) {

        private static final Duration SOCKETS = Duration.ofSeconds(60);

        public Active {
            headers = Map.copyOf(headers);
        }

        /** The time of one probe; without a limit of its own that of Kong's sockets. */
        public Duration patience() {
            return timeout.isZero() ? SOCKETS : timeout;
        }

        /** Whether any target is probed at intervals. */
        public boolean isOn() {
            return !healthy.interval.isZero() || !unhealthy.interval.isZero();
        }

        /** Whether probes bring a target up again. */
        boolean heals() {
            return !unhealthy.interval.isZero() && healthy.successes > 0;
        }

        /** A probe that only connects, within at most the given time. */
        Active connecting(Duration most) {
            Duration bounded = patience().compareTo(most) > 0 ? most : timeout;
            return new Active(
                    ProbeType.TCP,
                    bounded,
                    concurrency,
                    httpPath,
                    httpsSni,
                    verifyCertificate,
                    headers,
                    healthy,
                    unhealthy);
        }
    }

    /** Watching traffic; its intervals are 0. */
    public record Passive(ProbeType type, Healthy healthy, Unhealthy unhealthy) {

        /** Whether traffic can bring a target down. */
        public boolean isOn() {
            return unhealthy.tcpFailures != 0 || unhealthy.timeouts != 0 || unhealthy.httpFailures != 0;
        }
    }

    /**
     * What makes a target healthy.
     *
     * @param interval between probes of a target that is up
     * @param statuses that are successes
     * @param successes so many in a row bring a target up again
     */
    public record Healthy(Duration interval, Statuses statuses, int successes) {}

    /**
     * What makes a target unhealthy.
     *
     * @param interval between probes of a target that is down
     * @param statuses that are failures
     * @param tcpFailures so many without a success between them bring a target down
     * @param timeouts likewise
     * @param httpFailures likewise
     */
    public record Unhealthy(Duration interval, Statuses statuses, int tcpFailures, int timeouts, int httpFailures) {

        int limit(Failure failure) {
            return switch (failure) {
                case TCP -> tcpFailures;
                case TIMEOUT, CONNECT_TIMEOUT -> timeouts;
                case HTTP -> httpFailures;
            };
        }
    }

    /** Reads the validated tree of an upstream, which has all defaults. */
    public static Healthchecks of(Map<String, @Nullable Object> tree) {
        Settings all = new Settings(tree);
        return new Healthchecks(active(all.record("active")), passive(all.record("passive")), all.number("threshold"));
    }

    private static Active active(Settings active) {
        return new Active(
                ProbeType.of(active.string("type")),
                seconds(active, "timeout"),
                (int) Math.min(Integer.MAX_VALUE, active.integer("concurrency")),
                active.string("http_path"),
                active.optionalString("https_sni"),
                active.bool("https_verify_certificate"),
                headers(active.map("headers")),
                healthy(active.record("healthy")),
                unhealthy(active.record("unhealthy")));
    }

    private static Passive passive(Settings passive) {
        return new Passive(
                ProbeType.of(passive.string("type")),
                healthy(passive.record("healthy")),
                unhealthy(passive.record("unhealthy")));
    }

    private static Healthy healthy(Settings healthy) {
        return new Healthy(seconds(healthy, "interval"), statuses(healthy), (int) healthy.integer("successes"));
    }

    private static Unhealthy unhealthy(Settings unhealthy) {
        return new Unhealthy(
                seconds(unhealthy, "interval"),
                statuses(unhealthy),
                (int) unhealthy.integer("tcp_failures"),
                (int) unhealthy.integer("timeouts"),
                (int) unhealthy.integer("http_failures"));
    }

    private static Statuses statuses(Settings settings) {
        return Statuses.of(settings.list("http_statuses").stream()
                .map(code -> ((Number) code).intValue())
                .toList());
    }

    private static Duration seconds(Settings settings, String name) {
        return settings.has(name) ? Duration.ofMillis(Math.round(settings.number(name) * 1_000)) : Duration.ZERO;
    }

    private static Map<String, List<String>> headers(Map<String, Object> tree) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        tree.forEach((name, values) -> headers.put(name, new Settings(Map.of(name, values)).strings(name)));
        return headers;
    }

    /** Whether nothing can bring a target down but people: Kong shows such targets as {@code HEALTHCHECKS_OFF}. */
    public boolean isOff() {
        return !active.isOn() && !passive.isOn();
    }
}
