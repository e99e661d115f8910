/** Gateway entities while they are put together out of objects, what was found on the way, and the rules they must keep. */
@NullMarked
package io.sluice.k8s.translate.draft;

import org.jspecify.annotations.NullMarked;
