package io.sluice.node.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How names are resolved.
 *
 * @param servers {@code address:port} each; empty for the system's
 * @param hosts file of fixed names
 * @param order record types in the order they are tried: LAST, SRV, A, AAAA, CNAME
 * @param validTime overrides what answers say
 * @param staleTime how long an outdated answer may be used while a new one is fetched
 * @param errorTime how long a failed answer is kept
 * @param notFoundTime how long an empty answer is kept
 * @param cacheSize most names kept
 */
public record DnsSettings(
        List<String> servers,
        Path hosts,
        List<String> order,
        Optional<Duration> validTime,
        Duration staleTime,
        Duration errorTime,
        Duration notFoundTime,
        int cacheSize) {}
