/** Services: their endpoints as targets, their annotations, and the policies that shape their upstreams. */
@NullMarked
package io.sluice.k8s.translate.service;

import org.jspecify.annotations.NullMarked;
