/** Vaults, and entities of kinds that have no object of their own. */
@NullMarked
package io.sluice.k8s.translate.custom;

import org.jspecify.annotations.NullMarked;
