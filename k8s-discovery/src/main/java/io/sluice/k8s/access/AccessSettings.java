package io.sluice.k8s.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the Kubernetes API is and who the node is there.
 *
 * @param server its address; empty to take it from the kubeconfig or the pod
 * @param kubeconfig a file with server and credentials; empty for {@code KUBECONFIG}, else {@code ~/.kube/config}, else the
 *     pod's own service account
 */
public record AccessSettings(Optional<URI> server, Optional<Path> kubeconfig) {

    /** As any client of Kubernetes finds its way. */
    public static final AccessSettings AUTOMATIC = new AccessSettings(Optional.empty(), Optional.empty());
}
