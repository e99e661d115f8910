/**
 * The routing table built from a configuration, and which route a request belongs to. Pure.
 */
@NullMarked
package io.sluice.node.route;

import org.jspecify.annotations.NullMarked;
