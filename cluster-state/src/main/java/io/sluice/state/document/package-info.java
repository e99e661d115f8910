/** Configurations as whole documents, given by nodes that have one to those that have none yet. */
@NullMarked
package io.sluice.state.document;

import org.jspecify.annotations.NullMarked;
