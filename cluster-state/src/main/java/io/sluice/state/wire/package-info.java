/** What leaves the JVM: the mark of such messages, their bytes, and what becomes of bytes that nobody can read. */
@NullMarked
package io.sluice.state.wire;

import org.jspecify.annotations.NullMarked;
