/**
 * The life of one request: match, plugin phases, balance, forward, answer, log.
 */
@NullMarked
package io.sluice.node.proxy;

import org.jspecify.annotations.NullMarked;
