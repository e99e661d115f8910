package io.sluice.node.settings;

import io.sluice.state.model.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How names are resolved.
 *
 * @param servers empty for the system's
 * @param hosts file of fixed names
 * @param order record types in the order they are tried: LAST, SRV, A, AAAA, CNAME
 * @param validTime overrides what answers say
 * @param staleTime how long an outdated answer is used while none newer can be had
 * @param errorTime the first pause after a look-up that failed; pauses grow
 * @param notFoundTime the longest pause after an empty answer
 * @param cacheSize most names kept that are not in use
 */
public record DnsSettings(
        List<InetSocketAddress> servers,
        Path hosts,
        List<String> order,
        Optional<Duration> validTime,
        Duration staleTime,
        Duration errorTime,
        Duration notFoundTime,
        int cacheSize) {

    private static final int PORT = 53;

    /**
     * A server by its address.
     *
     * @param text {@code address}, {@code address:port} or {@code [address]:port}
     * @throws IllegalArgumentException if it is none of them; says what was expected
     */
    public static InetSocketAddress server(String text) {
        int colon = text.lastIndexOf(':');
        boolean bare = address(text) || colon < 0 || text.endsWith("]");
        String host = bare ? text : text.substring(0, colon);
        host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (!address(host)) {
            throw new IllegalArgumentException("IP addresses, each maybe with a port");
        }
        int number = bare ? PORT : Values.number(text.substring(colon + 1), 1, 65_535);
        try {
            return new InetSocketAddress(InetAddress.getByName(host), number); // an address: nobody is asked
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of this machine's networks", e);
        }
    }

    /** Whether it is an address, maybe with a zone. */
    private static boolean address(String text) {
        int zone = text.indexOf('%');
        return Cidr.isAddress(zone < 0 ? text : text.substring(0, zone));
    }
}
