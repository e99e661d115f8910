/** What the gateway should do: Kong's entities as immutable records. No behaviour, no I/O, no clock. */
@NullMarked
package io.sluice.state.model;

import org.jspecify.annotations.NullMarked;
