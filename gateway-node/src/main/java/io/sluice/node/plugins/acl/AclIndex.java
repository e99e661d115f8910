package io.sluice.node.plugins.acl;

import io.sluice.node.plugin.PluginContext;
import io.sluice.state.model.Credential;
import io.sluice.state.model.GatewayConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Which groups the consumers of one revision are in. Immutable. */
final class AclIndex {

    private final Map<UUID, Groups> groups = new HashMap<>();

    private AclIndex(GatewayConfig config) {
        Map<UUID, List<String>> names = new HashMap<>();
        for (Credential credential : config.credentials()) {
            if (credential instanceof Credential.Acl acl) {
                names.computeIfAbsent(acl.consumer(), consumer -> new ArrayList<>())
                        .add(acl.group());
            }
        }
        names.forEach((consumer, all) -> groups.put(consumer, Groups.of(all)));
    }

    static AclIndex of(PluginContext context) {
        return context.derived(AclIndex.class, AclIndex::new);
    }

    /** The groups of a consumer, in order of configuration. */
    Groups groups(UUID consumer) {
        return groups.getOrDefault(consumer, Groups.NONE);
    }
}
