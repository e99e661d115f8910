/**
 * The algorithms that pick one target of an upstream for a request. Pure.
 */
@NullMarked
package io.sluice.node.balance;

import org.jspecify.annotations.NullMarked;
