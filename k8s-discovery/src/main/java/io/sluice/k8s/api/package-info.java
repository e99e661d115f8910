/** The fields of Kubernetes objects that the gateway reads, as records, and which kinds those are. */
@NullMarked
package io.sluice.k8s.api;

import org.jspecify.annotations.NullMarked;
