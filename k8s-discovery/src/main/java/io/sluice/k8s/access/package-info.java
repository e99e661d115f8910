/** How the node reaches the Kubernetes API. */
@NullMarked
package io.sluice.k8s.access;

import org.jspecify.annotations.NullMarked;
