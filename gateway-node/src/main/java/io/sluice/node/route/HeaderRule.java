package io.sluice.node.route;

import io.sluice.state.model.RouterFlavor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a route asks of one request header: any of its values equals one of the literals or is found by one of the patterns.
 * Values are compared in lower case.
 *
 * @param name lower-case
 */
record HeaderRule(String name, Set<String> literals, List<Regex> patterns) {
    private static final String PATTERN_MARK = "~*";

    /** @throws IllegalArgumentException if a value is a broken regular expression */
    static HeaderRule of(String name, List<String> values, RouterFlavor flavor) {
        var literals = new HashSet<String>();
        var patterns = new ArrayList<Regex>();
        for (String value : values) {
            String octets = Octets.of(value);
            if (!value.startsWith(PATTERN_MARK)) {
                literals.add(Octets.lower(octets));
            } else if (flavor == RouterFlavor.TRADITIONAL_COMPATIBLE) {
                // Kong lower-cases the pattern's text as well: \D becomes \d.
                patterns.add(Regex.compile(Octets.lower(value.substring(PATTERN_MARK.length()))));
            } else if (values.size() == 1) {
                patterns.add(Regex.compile(value.substring(PATTERN_MARK.length())));
            } else {
                literals.add(Octets.lower(octets)); // traditional knows a pattern only as the single value
            }
        }
        return new HeaderRule(Octets.lower(name), Set.copyOf(literals), List.copyOf(patterns));
    }

    boolean matches(RouteRequest request) {
        List<String> values = request.headerValues(name);
        for (int i = 0; i < values.size(); i++) {
            if (matches(Octets.lower(values.get(i)))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(String value) {
        if (literals.contains(value)) {
            return true;
        }
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).find(value)) {
                return true;
            }
        }
        return false;
    }
}
