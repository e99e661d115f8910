/** Consumers, their groups and their credentials. */
@NullMarked
package io.sluice.k8s.translate.consumer;

import org.jspecify.annotations.NullMarked;
