/** Which configuration is live on which node, as all nodes tell each other. */
@NullMarked
package io.sluice.state.rollout;

import org.jspecify.annotations.NullMarked;
