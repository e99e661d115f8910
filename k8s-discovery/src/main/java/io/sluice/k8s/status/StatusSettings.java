package io.sluice.k8s.status;

import java.util.List;
import java.util.Optional;

/**
 * What is written and about whom.
 *
 * @param ingressClass of objects that are ours
 * @param publishService the Service whose addresses Ingresses are given; empty for none
 * @param publishAddresses what they are given instead; empty to go by the Service
 * @param perSecond how many requests are made at most
 * @param burst how many of them at once after a pause
 * @param pod this node's own pod, which is told how the whole configuration fares; empty if it is in none
 */
public record StatusSettings(
        String ingressClass,
        Optional<NamespacedName> publishService,
        List<String> publishAddresses,
        int perSecond,
        int burst,
        Optional<NamespacedName> pod) {

    public StatusSettings {
        publishAddresses = List.copyOf(publishAddresses);
    }

    /** An object of a kind that is known. */
    public record NamespacedName(String namespace, String name) {}
}
