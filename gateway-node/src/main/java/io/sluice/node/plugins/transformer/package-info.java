/**
 * request-transformer and response-transformer: change headers, query, body and path on the way to the upstream and back.
 */
@NullMarked
package io.sluice.node.plugins.transformer;

import org.jspecify.annotations.NullMarked;
