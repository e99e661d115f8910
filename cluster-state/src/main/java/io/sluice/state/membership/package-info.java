/** Which nodes make the cluster: joining, contact with the others, split brain, leaving and joining again. */
@NullMarked
package io.sluice.state.membership;

import org.jspecify.annotations.NullMarked;
