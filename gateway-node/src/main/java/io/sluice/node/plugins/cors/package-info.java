/**
 * cors: answers preflight requests and tells browsers which origins may read responses.
 */
@NullMarked
package io.sluice.node.plugins.cors;

import org.jspecify.annotations.NullMarked;
