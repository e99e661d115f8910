package io.sluice.node.route;

/** Rules that a request has to be tried against, arranged so that few of them are looked at. */
interface RuleSet {

    /** The smallest rank inside: who already has a better hit need not search. */
    int best();

    /** The best hit inside if it is better than the one given, else the one given. */
    Hit search(RouteRequest request, String path, Hit best);
}
