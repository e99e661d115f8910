/**
 * request-size-limiting: refuses requests whose body is too long.
 */
@NullMarked
package io.sluice.node.plugins.requestsizelimiting;

import org.jspecify.annotations.NullMarked;
