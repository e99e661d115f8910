/** What Gatling sends to a cluster that loadtest/simulate has started. */
@NullMarked
package io.sluice.loadtest.simulation;

import org.jspecify.annotations.NullMarked;
