/** Authenticates clients by the certificate of their TLS connection. */
@NullMarked
package io.sluice.node.plugins.mtlsauth;

import org.jspecify.annotations.NullMarked;
