package io.sluice.node.plugins.jwt;

import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.HeaderName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for tokens in one request: query, cookies, then headers. A token found twice counts once. */
final class TokenSearch {

    private static final HeaderName COOKIE = HeaderName.of("Cookie");
    private static final String BEARER = "Bearer";

    private @Nullable String found;
    private boolean several;

    private TokenSearch() {}

    static TokenSearch in(ClientRequest request, JwtSettings settings) {
        TokenSearch search = new TokenSearch();
        if (!request.rawQuery().isEmpty()) {
            for (String name : settings.arguments()) {
                request.queryValues(name).forEach(search::add);
            }
        }
        if (!settings.cookies().isEmpty()) {
            List<String> cookies = request.headers().all(COOKIE);
            for (String name : settings.cookies()) {
                search.addCookie(cookies, name);
            }
        }
        for (HeaderName name : settings.headers()) {
            String value = request.headers().first(name).orElse(null);
            if (value != null) {
                search.addBearer(value);
            }
        }
        return search;
    }

    /** The token; null if there is none. */
    @Nullable
    String found() {
        return found;
    }

    /** Whether there were different ones. */
    boolean several() {
        return several;
    }

    private void add(String token) {
        if (!token.isEmpty()) {
            several |= found != null && !found.equals(token);
            found = token;
        }
    }

    private void addBearer(String value) {
        int end = BEARER.length();
        boolean bearer = value.regionMatches(true, 0, BEARER, 0, end)
                && value.length() > end
                && (value.charAt(end) == ' ' || value.charAt(end) == '\t');
        if (bearer) {
            add(value.substring(end).strip());
        }
    }

    /** Adds the first cookie of that name; nginx, and so Kong, does not mind the name's case. */
    private void addCookie(List<String> lines, String name) {
        for (String line : lines) {
            for (int from = 0; from < line.length(); ) {
                int semicolon = line.indexOf(';', from);
                int end = semicolon < 0 ? line.length() : semicolon;
                while (from < end && line.charAt(from) == ' ') {
                    from++;
                }
                int equals = from + name.length();
                if (equals < end
                        && line.charAt(equals) == '='
                        && line.regionMatches(true, from, name, 0, name.length())) {
                    add(line.substring(equals + 1, end).strip());
                    return;
                }
                from = end + 1;
            }
        }
    }
}
