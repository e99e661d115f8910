/**
 * rate-limiting: so many requests per second, minute, hour, day, month and year for each consumer, address or other identity.
 */
@NullMarked
package io.sluice.node.plugins.ratelimiting;

import org.jspecify.annotations.NullMarked;
