package io.sluice.state.model.kind;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.ConsumerGroup;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Consumers and, as an extension, their groups. */
final class ConsumerSchema implements Codec<Consumer> {

    static final Schema SCHEMA = Schema.of(
                    Fields.id(),
                    Fields.createdAt(),
                    Fields.updatedAt(),
                    Field.string("username", Fields.UNIQUE),
                    Field.string("custom_id", Fields.UNIQUE),
                    Fields.tags(),
                    Field.of("groups", Type.array(Type.foreign("consumer_groups"))))
            .with(Checks.atLeastOneOf("custom_id", "username"));

    @Override
    public Consumer decode(Settings tree) {
        return new Consumer(
                Fields.uuid(tree),
                Fields.text(tree, "username"),
                Fields.text(tree, "custom_id"),
                tree.list("groups").stream().map(ConsumerSchema::id).toList(),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(Consumer consumer) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", consumer.id().toString());
        tree.put("created_at", Fields.time(consumer.createdAt()));
        tree.put("updated_at", Fields.time(consumer.updatedAt()));
        tree.put("username", consumer.username());
        tree.put("custom_id", consumer.customId());
        tree.put("tags", Fields.encoded(consumer.tags()));
        if (!consumer.groups().isEmpty()) {
            List<Object> groups = consumer.groups().stream()
                    .map(group -> (Object) Map.of("id", group.toString()))
                    .collect(Collectors.toList());
            tree.put("groups", groups);
        }
        return tree;
    }

    private static UUID id(Object reference) {
        return UUID.fromString(String.valueOf(((Map<?, ?>) reference).get("id")));
    }

    /** Groups between tree and record. */
    static final class Groups implements Codec<ConsumerGroup> {

        static final Schema SCHEMA = Schema.of(
                Fields.id(),
                Fields.createdAt(),
                Fields.updatedAt(),
                Fields.name().mandatory(),
                Fields.tags());

        @Override
        public ConsumerGroup decode(Settings tree) {
            return new ConsumerGroup(
                    Fields.uuid(tree),
                    tree.string("name"),
                    Fields.strings(tree, "tags"),
                    Fields.created(tree),
                    Fields.updated(tree));
        }

        @Override
        public Map<String, @Nullable Object> encode(ConsumerGroup group) {
            Map<String, @Nullable Object> tree = Fields.tree();
            tree.put("id", group.id().toString());
            tree.put("created_at", Fields.time(group.createdAt()));
            tree.put("updated_at", Fields.time(group.updatedAt()));
            tree.put("name", group.name());
            tree.put("tags", Fields.encoded(group.tags()));
            return tree;
        }
    }
}
