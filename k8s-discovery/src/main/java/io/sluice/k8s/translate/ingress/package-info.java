/** Ingresses: their rules as routes and services, their TLS secrets as certificates, who was first with a host and path. */
@NullMarked
package io.sluice.k8s.translate.ingress;

import org.jspecify.annotations.NullMarked;
