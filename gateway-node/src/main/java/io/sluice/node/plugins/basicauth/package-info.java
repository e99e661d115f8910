/**
 * basic-auth: consumers authenticate by user name and password of RFC 7617.
 */
@NullMarked
package io.sluice.node.plugins.basicauth;

import org.jspecify.annotations.NullMarked;
