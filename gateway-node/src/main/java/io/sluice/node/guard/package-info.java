/**
 * What keeps a failing upstream from being asked more than it can bear: retry budget, circuit breaker, outlier ejection, and the
 * bound of second tries beside slow ones. Pure.
 */
@NullMarked
package io.sluice.node.guard;

import org.jspecify.annotations.NullMarked;
