/**
 * Host names to addresses: what is known of each name in use, kept fresh in the background.
 */
@NullMarked
package io.sluice.node.dns;

import org.jspecify.annotations.NullMarked;
