/**
 * Where configuration comes from and how a candidate becomes the one live revision that every request reads.
 */
@NullMarked
package io.sluice.node.config;

import org.jspecify.annotations.NullMarked;
