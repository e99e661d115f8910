/**
 * http-log: sends a JSON record of every exchange to an HTTP server, in batches if wanted.
 */
@NullMarked
package io.sluice.node.plugins.httplog;

import org.jspecify.annotations.NullMarked;
