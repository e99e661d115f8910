/**
 * key-auth: consumers authenticate by a key in a header, the query or the body.
 */
@NullMarked
package io.sluice.node.plugins.keyauth;

import org.jspecify.annotations.NullMarked;
