/** What one node of the cluster writes back to Kubernetes: the status of objects and events about them. */
@NullMarked
package io.sluice.k8s.status;

import org.jspecify.annotations.NullMarked;
