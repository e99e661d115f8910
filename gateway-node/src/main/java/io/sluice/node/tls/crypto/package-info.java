/**
 * What handshakes compute with public and private keys, by native code where there is some for the platform; the rest of TLS is Java's own either
 * way.
 */
@NullMarked
package io.sluice.node.tls.crypto;

import org.jspecify.annotations.NullMarked;
