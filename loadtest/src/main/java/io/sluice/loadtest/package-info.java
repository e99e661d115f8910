/** What drives a gateway from outside: clients that load, hold or stream, and the upstream that answers them. */
@NullMarked
package io.sluice.loadtest;

import org.jspecify.annotations.NullMarked;
