/**
 * Event loops, sockets, TLS records and the protocol codecs: bytes of a connection to exchanges and back.
 */
@NullMarked
package io.sluice.node.http;

import org.jspecify.annotations.NullMarked;
