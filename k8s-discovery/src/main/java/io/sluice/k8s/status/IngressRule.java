package io.sluice.k8s.status;

import io.sluice.k8s.api.Metadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of an Ingress. It has them from when it is live until nothing of it is any more.
 *
 * @param addresses of the proxy; empty if they are not known, or nobody is to be told
 */
record IngressRule(List<Address> addresses) implements StatusRule {

    private static final String BALANCER = "loadBalancer";
    private static final String INGRESS = "ingress";

    @Override
    public Optional<Map<String, @Nullable Object>> change(
            Metadata object, Verdict verdict, Map<String, @Nullable Object> present) {
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        List<Address> before = Address.in(Trees.objects(Trees.object(present, BALANCER), INGRESS));
        return switch (verdict.word()) {
            case LIVE ->
                verdict.settled() && !before.equals(addresses) ? Optional.of(tree(addresses)) : Optional.empty();
            case INVALID -> before.equals(addresses) ? Optional.of(tree(List.of())) : Optional.empty();
            case OUTDATED, PENDING, UNUSED -> Optional.empty();
        };
    }

    private static Map<String, @Nullable Object> tree(List<Address> addresses) {
        List<Map<String, @Nullable Object>> trees =
                addresses.stream().map(Address::tree).toList();
        return Map.of(BALANCER, Map.of(INGRESS, trees));
    }
}
