/**
 * The built-in plugins, one package each, and the explicit list of them.
 */
@NullMarked
package io.sluice.node.plugins;

import org.jspecify.annotations.NullMarked;
