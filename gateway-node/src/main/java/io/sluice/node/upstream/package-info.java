/**
 * Connections to targets, and what active and passive checks learn about them.
 */
@NullMarked
package io.sluice.node.upstream;

import org.jspecify.annotations.NullMarked;
