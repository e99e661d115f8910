/** The kinds of entity: how each is written, what a well-formed one looks like, and the way to its record and back. */
@NullMarked
package io.sluice.state.model.kind;

import org.jspecify.annotations.NullMarked;
