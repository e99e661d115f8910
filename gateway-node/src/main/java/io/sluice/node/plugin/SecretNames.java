package io.sluice.node.plugin;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names of query arguments and headers that carry credentials: what stands behind them is never logged. They are a few usual
 * ones and those that the configured plugins read, see {@link PluginFactory#secretNames}. Compared without case. Immutable.
 */
public final class SecretNames {

    /** What is logged in place of a secret. */
    public static final String REDACTED = "REDACTED";

    /** The names that are taken for secret whatever is configured. */
    public static final SecretNames USUAL = with(List.of());

    private final String[] names;

    private SecretNames(Collection<String> all) {
        names = all.toArray(String[]::new);
    }

    /** The usual names and more. */
    public static SecretNames with(Collection<String> more) {
        Set<String> all = new TreeSet<>(List.of(
                "access_token",
                "api_key",
                "apikey",
                "authorization",
                "client_secret",
                "jwt",
                "password",
                "proxy-authorization"));
        more.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        return new SecretNames(all);
    }

    /** Whether values of that (decoded) name are secret. */
    public boolean contains(String name) {
        for (String secret : names) {
            if (secret.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** A URL or request target with every secret of its query replaced; the same object if there is none. */
    public String masked(String url) {
        int question = url.indexOf('?');
        if (question < 0) {
            return url;
        }
        StringBuilder masked = null;
        int copied = 0;
        for (int from = question + 1; from < url.length(); ) {
            int end = endOfArgument(url, from);
            int equals = url.indexOf('=', from);
            if (equals >= 0 && equals < end && secretAt(url, from, equals)) {
                masked = masked == null ? new StringBuilder(url.length()) : masked;
                masked.append(url, copied, equals + 1).append(REDACTED);
                copied = end;
            }
            from = end + 1;
        }
        return masked == null ? url : masked.append(url, copied, url.length()).toString();
    }

    private static int endOfArgument(String url, int from) {
        int end = url.indexOf('&', from);
        return end < 0 ? url.length() : end;
    }

    private boolean secretAt(String url, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = url.charAt(i);
            if (c == '%' || c == '+') {
                return contains(UrlEncoded.decode(url.substring(from, to)));
            }
        }
        for (String secret : names) {
            if (secret.length() == to - from && url.regionMatches(true, from, secret, 0, to - from)) {
                return true;
            }
        }
        return false;
    }
}
