/**
 * Certificates, keys, trust and what of TLS is allowed: everything about TLS that is not a byte of a connection.
 */
@NullMarked
package io.sluice.node.tls;

import org.jspecify.annotations.NullMarked;
