package io.sluice.node.upstream;

import io.sluice.node.tls.TlsProfile;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Whom a TLS connection to an upstream is made for: such connections are shared only between requests with the same one.
 *
 * @param profile compared as an object
 * @param host what the upstream is asked for and must prove to be
 */
public record TlsTarget(TlsProfile profile, String host) {

    /**
     * The target of a request.
     *
     * @param authority its Host field, maybe with a port
     * @param before the one of the last request; given back if it is the same
     */
    public static TlsTarget of(TlsProfile profile, String authority, @Nullable TlsTarget before) {
        int colon = authority.indexOf(':', Math.max(authority.lastIndexOf(']'), 0));
        int end = colon < 0 ? authority.length() : colon;
        int from = authority.startsWith("[") ? 1 : 0;
        end -= from == 1 && authority.charAt(end - 1) == ']' ? 1 : 0;
        boolean same = before != null
                && before.profile == profile
                && before.host.length() == end - from
                && authority.regionMatches(true, from, before.host, 0, end - from);
        return same && before != null ? before : new TlsTarget(profile, lower(authority.substring(from, end)));
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    /** @param http2 whether HTTP/2 is asked for */
    SSLEngine engine(int port, boolean http2) {
        SSLEngine engine = profile.engine(host, port);
        if (http2) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            engine.setSSLParameters(parameters);
        }
        return engine;
    }
}
