/** HTTP/2 on byte arrays: frames, header compression, and the translation of its messages to HTTP/1.1 and back. */
@NullMarked
package io.sluice.node.http2;

import org.jspecify.annotations.NullMarked;
