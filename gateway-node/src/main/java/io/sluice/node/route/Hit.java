package io.sluice.node.route;

import org.jspecify.annotations.Nullable;

/** A rule that matched, and its place in the order: the smallest rank wins. Made once per rule unless the path is a pattern. */
record Hit(int rank, @Nullable RouteMatch match) {
    /** Worse than any rule. */
    static final Hit NONE = new Hit(Integer.MAX_VALUE, null);
}
