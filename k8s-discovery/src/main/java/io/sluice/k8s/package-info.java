/**
 * How nodes find each other in Kubernetes, and how its objects become gateway configuration.
 */
@NullMarked
package io.sluice.k8s;

import org.jspecify.annotations.NullMarked;
