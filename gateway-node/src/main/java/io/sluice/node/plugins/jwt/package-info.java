/**
 * jwt: consumers authenticate by JSON Web Tokens (RFC 7519) that they signed.
 */
@NullMarked
package io.sluice.node.plugins.jwt;

import org.jspecify.annotations.NullMarked;
