package io.sluice.state.health;

import java.time.Duration;

/** How often this node probes an address, and how. */
record Assignment(Duration interval, Healthchecks.Active how) {}
