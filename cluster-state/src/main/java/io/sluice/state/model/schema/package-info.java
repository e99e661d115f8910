/** What a well-formed object looks like: typed fields with defaults and rules, in the words Kong's schemas use. */
@NullMarked
package io.sluice.state.model.schema;

import org.jspecify.annotations.NullMarked;
