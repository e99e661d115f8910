package io.sluice.node.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the node acts as ingress controller.
 *
 * @param ingressClass of the objects that are ours
 * @param namespaces those whose objects matter; empty for all
 * @param clusterDomain what names of services end with; empty to leave it to the resolver
 * @param server address of the Kubernetes API; empty to take it from the kubeconfig or the pod
 * @param kubeconfig server and credentials; empty for {@code KUBECONFIG}, {@code ~/.kube/config} or the pod's own account
 * @param publishService {@code namespace/name} of the Service whose addresses go into statuses
 * @param publishAddresses addresses that go into statuses instead
 * @param writesPerSecond how many requests the API server is sent at most when statuses are written
 * @param writesAtOnce how many of them without a pause
 */
public record IngressSettings(
        String ingressClass,
        Set<String> namespaces,
        String clusterDomain,
        Optional<URI> server,
        Optional<Path> kubeconfig,
        Optional<String> publishService,
        List<String> publishAddresses,
        int writesPerSecond,
        int writesAtOnce) {}
