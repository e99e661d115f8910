package io.sluice.k8s.status;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sluice.k8s.status.StatusSettings.NamespacedName;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where clients reach the proxy: as the administrator says, or as its Service says, which is read by the one node that needs it every
 * now and then. Not thread-safe.
 */
final class ProxyAddresses {

    private static final long READ_EACH = Duration.ofSeconds(15).toNanos();

    private final KubernetesClient client;
    private final Optional<NamespacedName> service;
    private final WriteLog log;
    private List<Address> addresses;
    private long readAt;
    private boolean read;

    ProxyAddresses(KubernetesClient client, StatusSettings settings, WriteLog log) {
        this.client = client;
        this.log = log;
        this.addresses = settings.publishAddresses().stream().map(Address::of).toList();
        this.service = addresses.isEmpty() ? settings.publishService() : Optional.empty();
    }

    /** As known now; empty if they are not. What was known stays known when the Service cannot be read. */
    List<Address> now() {
        return addresses;
    }

    /** Reads the Service if it is time. */
    void look(long nanos) {
        if (service.isPresent() && (!read || nanos - readAt >= READ_EACH)) {
            read = true;
            readAt = nanos;
            read(service.get());
        }
    }

    private void read(NamespacedName name) {
        try {
            Service found = client.services()
                    .inNamespace(name.namespace())
                    .withName(name.name())
                    .get();
            if (found == null) {
                String reason =
                        "there is no such service (expected: the namespace/name of the one in front of the proxy)";
                log.refused("get", "services", "Service " + name.namespace() + "/" + name.name(), reason);
            } else {
                addresses = Address.of(found);
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                log.forbidden("get", "services", name.namespace());
            } else {
                log.failed("get", "services", WriteLog.reason(e));
            }
        }
    }
}
