package io.sluice.node.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of one host by what their paths begin with: a prefix, the fixed start of a pattern, or nothing. The keys a path
 * begins with are tried from the longest to the shortest; where a chain has nothing better left, the search ends.
 */
final class PathIndex implements RuleSet {
    private final PrefixChain keys;
    private final RuleSet[] rules;

    /** The smallest rank at a key or at any shorter one on its chain. */
    private final int[] chainBest;

    private final int best;

    private PathIndex(PrefixChain keys, RuleSet[] rules) {
        this.keys = keys;
        this.rules = rules;
        this.chainBest = new int[rules.length];
        int smallest = Integer.MAX_VALUE;
        for (int i = 0; i < rules.length; i++) {
            int parent = keys.parent(i);
            chainBest[i] = Math.min(rules[i].best(), parent < 0 ? Integer.MAX_VALUE : chainBest[parent]);
            smallest = Math.min(smallest, rules[i].best());
        }
        this.best = smallest;
    }

    /** @param rules by rank */
    static PathIndex of(List<Rule> rules) {
        Map<String, List<Rule>> byKey = new HashMap<>();
        for (Rule rule : rules) {
            for (String key : rule.pathKeys()) {
                byKey.computeIfAbsent(key, any -> new ArrayList<>(1)).add(rule);
            }
        }
        PrefixChain keys = PrefixChain.ofPrefixes(byKey.keySet());
        var sets = new RuleSet[keys.size()];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = RuleSets.of(byKey.getOrDefault(keys.key(i), List.of()));
        }
        return new PathIndex(keys, sets);
    }

    @Override
    public int best() {
        return best;
    }

    @Override
    public Hit search(RouteRequest request, String path, Hit best) {
        Hit found = best;
        int at = keys.longest(path);
        while (at >= 0 && chainBest[at] < found.rank()) {
            if (rules[at].best() < found.rank()) {
                found = rules[at].search(request, path, found);
            }
            at = keys.parent(at);
        }
        return found;
    }
}
