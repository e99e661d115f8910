/** Plugins: their configuration, out of objects and secrets, and where each one applies. */
@NullMarked
package io.sluice.k8s.translate.plugin;

import org.jspecify.annotations.NullMarked;
