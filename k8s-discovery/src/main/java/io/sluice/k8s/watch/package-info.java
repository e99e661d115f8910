/** Follows the objects of a cluster and hands all of them over whenever any of them has changed. */
@NullMarked
package io.sluice.k8s.watch;

import org.jspecify.annotations.NullMarked;
