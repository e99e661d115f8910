package io.sluice.node.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules for one host and path. A few are a list; many are told apart by the value of a header, then by server name, then
 * by method, and whatever asks nothing of these is kept beside. Only the names of headers are not indexed: rules that each
 * ask for a header of their own cost one look at the request per name.
 */
final class RuleSets {
    /** Up to here a list is at least as fast. */
    private static final int FEW = 8;

    private RuleSets() {}

    /** @param rules by rank */
    static RuleSet of(List<Rule> rules) {
        return byHeader(rules, Set.of());
    }

    private static RuleSet byHeader(List<Rule> rules, Set<String> done) {
        if (rules.size() <= FEW) {
            return list(rules);
        }
        Map<String, Integer> variety = variety(rules, done);
        var byName = new HashMap<String, Map<String, List<Rule>>>();
        var rest = new ArrayList<Rule>();
        for (Rule rule : rules) {
            HeaderRule header = mostTelling(rule, variety);
            if (header == null) {
                rest.add(rule);
            } else {
                file(rule, header.literals(), byName.computeIfAbsent(header.name(), name -> new HashMap<>()));
            }
        }
        if (byName.isEmpty()) {
            return byServerName(rules);
        }
        var headers = new ArrayList<HeaderValues>();
        byName.forEach((name, byValue) -> {
            var also = new HashSet<>(done);
            also.add(name);
            headers.add(new HeaderValues(name, indexed(byValue, some -> byHeader(some, also))));
        });
        return new HeaderBranch(best(rules), List.copyOf(headers), byServerName(rest));
    }

    /** How many values of each header the rules name; headers with a pattern cannot be looked up. */
    private static Map<String, Integer> variety(List<Rule> rules, Set<String> done) {
        var values = new HashMap<String, Set<String>>();
        for (Rule rule : rules) {
            for (HeaderRule header : rule.draft().headers()) {
                if (header.patterns().isEmpty() && !done.contains(header.name())) {
                    values.computeIfAbsent(header.name(), name -> new HashSet<>())
                            .addAll(header.literals());
                }
            }
        }
        var variety = new HashMap<String, Integer>();
        values.forEach((name, known) -> variety.put(name, known.size()));
        return variety;
    }

    private static @Nullable HeaderRule mostTelling(Rule rule, Map<String, Integer> variety) {
        HeaderRule best = null;
        int most = 0;
        for (HeaderRule header : rule.draft().headers()) {
            int values = header.patterns().isEmpty() ? variety.getOrDefault(header.name(), 0) : 0;
            if (values > most) {
                best = header;
                most = values;
            }
        }
        return best;
    }

    private static RuleSet byServerName(List<Rule> rules) {
        var byName = new HashMap<String, List<Rule>>();
        var rest = new ArrayList<Rule>();
        if (rules.size() > FEW) {
            for (Rule rule : rules) {
                List<HostPattern> names = rule.draft().serverNames();
                if (names.isEmpty() || names.stream().anyMatch(HostPattern::isWildcard)) {
                    rest.add(rule);
                } else {
                    file(rule, names.stream().map(HostPattern::text).toList(), byName);
                }
            }
        }
        if (byName.isEmpty()) {
            return byMethod(rules);
        }
        Map<String, RuleSet> sets = indexed(byName, RuleSets::byMethod);
        return new ServerNameBranch(best(rules), sets, byMethod(rest), byMethod(rules));
    }

    private static RuleSet byMethod(List<Rule> rules) {
        var byName = new HashMap<String, List<Rule>>();
        var rest = new ArrayList<Rule>();
        if (rules.size() > FEW) {
            for (Rule rule : rules) {
                List<String> methods = rule.draft().route().methods();
                if (methods.isEmpty()) {
                    rest.add(rule);
                } else {
                    file(rule, methods, byName);
                }
            }
        }
        if (byName.isEmpty()) {
            return list(rules);
        }
        return new MethodBranch(best(rules), indexed(byName, RuleSets::list), list(rest));
    }

    private static void file(Rule rule, Iterable<String> values, Map<String, List<Rule>> under) {
        for (String value : values) {
            List<Rule> same = under.computeIfAbsent(value, any -> new ArrayList<>(1));
            if (same.isEmpty() || same.get(same.size() - 1) != rule) {
                same.add(rule);
            }
        }
    }

    private static Map<String, RuleSet> indexed(Map<String, List<Rule>> rules, Function<List<Rule>, RuleSet> index) {
        var sets = new HashMap<String, RuleSet>(rules.size() * 2);
        rules.forEach((value, some) -> sets.put(value, index.apply(some)));
        return sets;
    }

    private static RuleSet list(List<Rule> rules) {
        return rules.size() == 1 ? rules.get(0) : new RuleList(best(rules), List.copyOf(rules));
    }

    private static int best(List<Rule> rules) {
        return rules.isEmpty() ? Integer.MAX_VALUE : rules.get(0).best();
    }

    private static Hit searchIn(@Nullable RuleSet rules, RouteRequest request, String path, Hit best) {
        return rules != null && rules.best() < best.rank() ? rules.search(request, path, best) : best;
    }

    /** Tried one after the other; the first that matches is the best. */
    private record RuleList(int best, List<Rule> rules) implements RuleSet {

        @Override
        public Hit search(RouteRequest request, String path, Hit best) {
            for (int i = 0; i < rules.size(); i++) {
                Rule rule = rules.get(i);
                if (rule.best() >= best.rank()) {
                    return best;
                }
                Hit hit = rule.match(request, path);
                if (hit != null) {
                    return hit;
                }
            }
            return best;
        }
    }

    private record HeaderValues(String name, Map<String, RuleSet> byValue) {}

    /** Rules filed under one literal header each; the others are in the rest. */
    private record HeaderBranch(int best, List<HeaderValues> headers, RuleSet rest) implements RuleSet {

        @Override
        public Hit search(RouteRequest request, String path, Hit best) {
            Hit found = best;
            for (int h = 0; h < headers.size(); h++) {
                HeaderValues header = headers.get(h);
                List<String> values = request.headerValues(header.name());
                for (int i = 0; i < values.size(); i++) {
                    found = searchIn(header.byValue().get(Octets.lower(values.get(i))), request, path, found);
                }
            }
            return searchIn(rest, request, path, found);
        }
    }

    /** Without TLS server names take no part, so all rules are kept a second time for such requests. */
    private record ServerNameBranch(int best, Map<String, RuleSet> byName, RuleSet rest, RuleSet withoutTls)
            implements RuleSet {

        @Override
        public Hit search(RouteRequest request, String path, Hit best) {
            if (!request.tls()) {
                return withoutTls.search(request, path, best);
            }
            String asked = request.sni();
            Hit found = asked == null ? best : searchIn(byName.get(asked), request, path, best);
            return searchIn(rest, request, path, found);
        }
    }

    private record MethodBranch(int best, Map<String, RuleSet> byMethod, RuleSet rest) implements RuleSet {

        @Override
        public Hit search(RouteRequest request, String path, Hit best) {
            return searchIn(rest, request, path, searchIn(byMethod.get(request.method()), request, path, best));
        }
    }
}
