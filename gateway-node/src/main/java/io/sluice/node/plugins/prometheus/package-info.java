/**
 * prometheus: counts requests, latencies and bytes by service and route for the metrics endpoint.
 */
@NullMarked
package io.sluice.node.plugins.prometheus;

import org.jspecify.annotations.NullMarked;
