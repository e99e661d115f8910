/**
 * What a node tells about its requests: access log, metrics and traces.
 */
@NullMarked
package io.sluice.node.observe;

import org.jspecify.annotations.NullMarked;
