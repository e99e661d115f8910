/**
 * The plugin SPI, the only package a third party compiles against: a {@link io.sluice.node.plugin.PluginFactory} makes plugins
 * that see one {@link io.sluice.node.plugin.Exchange} at a time, phase by phase.
 */
@NullMarked
package io.sluice.node.plugin;

import org.jspecify.annotations.NullMarked;
