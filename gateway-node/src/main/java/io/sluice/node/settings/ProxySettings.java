package io.sluice.node.settings;

import io.sluice.state.model.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How requests are passed on.
 *
 * @param trustedIps peers whose X-Real-IP and X-Forwarded-* are believed
 * @param realIpHeader where a trusted peer says who the client is; {@link #PROXY_PROTOCOL} if not in a header
 * @param headers which of the gateway's own headers are added
 * @param errorDefaultType media type of nginx-type errors when the request does not say: text/plain, application/json,
 *     text/html or application/xml
 * @param portMaps listening port to the port clients see
 * @param allowDebugHeader whether {@code Kong-Debug: 1} is answered
 */
public record ProxySettings(
        List<Cidr> trustedIps,
        String realIpHeader,
        boolean realIpRecursive,
        Set<TokenHeader> headers,
        String errorDefaultType,
        Map<Integer, Integer> portMaps,
        boolean allowDebugHeader,
        ClientSettings client,
        PoolSettings pool) {

    /** The {@code real_ip_header} that is none. */
    public static final String PROXY_PROTOCOL = "proxy_protocol";

    /** The headers of the setting {@code headers} and {@code headers_upstream}. */
    public enum TokenHeader {
        SERVER,
        VIA,
        PROXY_LATENCY,
        RESPONSE_LATENCY,
        ADMIN_LATENCY,
        UPSTREAM_LATENCY,
        UPSTREAM_STATUS,
        /** X-Kong-Request-Id towards the client. */
        REQUEST_ID,
        /** X-Kong-Request-Id towards the upstream. */
        UPSTREAM_REQUEST_ID
    }

    /** Kong's defaults. */
    public static final ProxySettings DEFAULT = new ProxySettings(
            List.of(),
            "X-Real-IP",
            false,
            Set.of(
                    TokenHeader.SERVER,
                    TokenHeader.VIA,
                    TokenHeader.PROXY_LATENCY,
                    TokenHeader.RESPONSE_LATENCY,
                    TokenHeader.ADMIN_LATENCY,
                    TokenHeader.UPSTREAM_LATENCY,
                    TokenHeader.REQUEST_ID,
                    TokenHeader.UPSTREAM_REQUEST_ID),
            "text/plain",
            Map.of(),
            false,
            ClientSettings.DEFAULT,
            PoolSettings.DEFAULT);
}
