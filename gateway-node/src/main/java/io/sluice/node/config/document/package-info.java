/**
 * Declarative documents: from the text of a kong.yml to a checked configuration, with everything wrong named at once, and back.
 */
@NullMarked
package io.sluice.node.config.document;

import org.jspecify.annotations.NullMarked;
