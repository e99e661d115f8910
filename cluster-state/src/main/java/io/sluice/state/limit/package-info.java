/** How often something may happen: the port that plugins ask, and counting on one node. Pure. */
@NullMarked
package io.sluice.state.limit;

import org.jspecify.annotations.NullMarked;
