/**
 * Single tries of targets over connections of their own: what active checks learn from.
 */
@NullMarked
package io.sluice.node.upstream.probe;

import org.jspecify.annotations.NullMarked;
