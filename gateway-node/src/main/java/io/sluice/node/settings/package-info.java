/**
 * What the operator sets from outside, {@code KONG_*} and {@code SLUICE_*} variables, kong.conf and HOCON, as one validated record.
 */
@NullMarked
package io.sluice.node.settings;

import org.jspecify.annotations.NullMarked;
