/** Who is alive: probes and traffic give evidence about targets, and verdicts on them hold for the whole cluster. */
@NullMarked
package io.sluice.state.health;

import org.jspecify.annotations.NullMarked;
