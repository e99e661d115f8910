/** What has been spent of long limits, kept on disk, so that it is known when the whole cluster begins anew. */
@NullMarked
package io.sluice.state.limit.disk;

import org.jspecify.annotations.NullMarked;
