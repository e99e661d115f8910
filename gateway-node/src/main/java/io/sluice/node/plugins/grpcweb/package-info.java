/**
 * grpc-web: lets browsers call gRPC services, binary or in base64, over HTTP/1.1 or HTTP/2.
 */
@NullMarked
package io.sluice.node.plugins.grpcweb;

import org.jspecify.annotations.NullMarked;
