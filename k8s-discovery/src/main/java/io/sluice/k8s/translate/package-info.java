/** From Kubernetes objects to a declarative configuration and what to tell about each object. Pure. */
@NullMarked
package io.sluice.k8s.translate;

import org.jspecify.annotations.NullMarked;
