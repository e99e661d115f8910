/**
 * rate-limiting, response-ratelimiting and concurrency-limiting: so many requests, or so much of what responses cost, per
 * period, or so many requests at a time, for each consumer, address or other identity.
 */
@NullMarked
package io.sluice.node.plugins.ratelimiting;

import org.jspecify.annotations.NullMarked;
