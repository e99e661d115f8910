/** How the nodes of a cluster find each other: by the pods that run. */
@NullMarked
package io.sluice.k8s.peers;

import org.jspecify.annotations.NullMarked;
