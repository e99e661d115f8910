/**
 * The Admin API, the Status API and the Manager page: how people and tools look into a node and change it.
 */
@NullMarked
package io.sluice.node.admin;

import org.jspecify.annotations.NullMarked;
