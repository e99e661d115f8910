package io.sluice.k8s.api;

import java.util.List;

/**
 * Someone who uses the services; at least one of {@code username} and {@code customId} is not empty.
 *
 * @param credentials names of secrets
 * @param groups names of consumer groups
 */
public record KongConsumer(
        Metadata metadata, String username, String customId, List<String> credentials, List<String> groups)
        implements KubeObject {

    static KongConsumer decode(Metadata metadata, FieldReader root) {
        String username = root.text("username");
        String customId = root.text("custom_id");
        if (username.isEmpty() && customId.isEmpty()) {
            root.problem("username", "is missing (expected: username or custom_id)");
        }
        return new KongConsumer(
                metadata, username, customId, root.textList("credentials"), root.textList("consumerGroups"));
    }
}
