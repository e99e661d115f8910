/**
 * ip-restriction: lets clients in, or keeps them out, by their address.
 */
@NullMarked
package io.sluice.node.plugins.iprestriction;

import org.jspecify.annotations.NullMarked;
