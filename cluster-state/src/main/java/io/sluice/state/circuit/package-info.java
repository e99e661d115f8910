/** Which upstreams' circuits are open, the same on all nodes: what one node's circuit breaker has found all others hear. */
@NullMarked
package io.sluice.state.circuit;

import org.jspecify.annotations.NullMarked;
