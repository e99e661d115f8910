/**
 * Wires a node together and runs the command line: the only package that knows all others.
 */
@NullMarked
package io.sluice.node.boot;

import org.jspecify.annotations.NullMarked;
