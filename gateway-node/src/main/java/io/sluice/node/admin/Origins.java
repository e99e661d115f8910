package io.sluice.node.admin;

import io.sluice.state.model.Cidr;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which browsers' pages may talk to the API. Without {@code admin_gui_url} Kong allows any; here it is then only pages from
 * this machine's loopback names, or from the API's own host if that is a literal address: a name proves nothing, for whoever
 * owns one can have it lead here. So no foreign page steers the gateway through the operator's browser.
 *
 * @param allowed origins of {@code admin_gui_url}
 */
record Origins(List<String> allowed) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Whether a page of the origin may read answers and send writes. */
    boolean allow(String origin, String ownHost) {
        if (!allowed.isEmpty()) {
            return allowed.contains(origin);
        }
        String host = host(origin);
        return host != null && (LOOPBACK.contains(host) || host.equals(ownHost) && isLiteral(host));
    }

    private static boolean isLiteral(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return Cidr.isAddress(bracketed ? host.substring(1, host.length() - 1) : host);
    }

    private static @Nullable String host(String origin) {
        try {
            return URI.create(origin).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
