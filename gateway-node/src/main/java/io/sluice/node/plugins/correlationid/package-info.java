/**
 * correlation-id: gives every request an id that the upstream and, if wanted, the client can see.
 */
@NullMarked
package io.sluice.node.plugins.correlationid;

import org.jspecify.annotations.NullMarked;
