package io.sluice.node.config.document;

import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Membership written at the group ({@code consumer_groups[].consumers}) instead of at the consumer. */
final class GroupMembers {

    static final String FIELD_OF_GROUP = "consumers";
    private static final String FIELD_OF_CONSUMER = "groups";

    private GroupMembers() {}

    /** Adds each group to the consumers that it names. */
    static void add(List<Draft> drafts, Links links) {
        for (Draft group : drafts) {
            Object members = group.kind == EntityKind.CONSUMER_GROUP ? group.given.get(FIELD_OF_GROUP) : null;
            if (members instanceof List<?> list) {
                list.forEach(member -> addOne(group, member, links));
            } else if (members != null) {
                group.errors.put(FIELD_OF_GROUP, "expected an array");
            }
        }
    }

    private static void addOne(Draft group, @Nullable Object member, Links links) {
        Draft consumer = member == null ? null : links.find(EntityKind.CONSUMER, member);
        if (consumer == null) {
            group.errors.put(
                    FIELD_OF_GROUP,
                    Links.dangling(FIELD_OF_GROUP, member == null ? "null" : member, EntityKind.CONSUMER));
            return;
        }
        List<Object> groups = new ArrayList<>();
        if (consumer.tree.get(FIELD_OF_CONSUMER) instanceof List<?> before) {
            before.forEach(one -> groups.add(one == null ? "" : one));
        }
        Object reference = Map.of("id", group.id);
        boolean known = groups.stream().anyMatch(one -> links.find(EntityKind.CONSUMER_GROUP, one) == group);
        if (!known) {
            groups.add(reference);
        }
        consumer.tree.put(FIELD_OF_CONSUMER, groups);
    }
}
