/**
 * request-termination: answers requests itself, with a fixed response or an echo of the request.
 */
@NullMarked
package io.sluice.node.plugins.requesttermination;

import org.jspecify.annotations.NullMarked;
