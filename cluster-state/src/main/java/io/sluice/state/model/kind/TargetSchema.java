package io.sluice.state.model.kind;

import io.sluice.state.model.HostPort;
import io.sluice.state.model.Target;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Targets: fields and rules; times have fractions of a second. */
final class TargetSchema implements Codec<Target> {

    /** What a target without port listens on. */
    private static final int DEFAULT_PORT = 8000;

    static final Schema SCHEMA = Schema.of(
            Fields.id(),
            Field.number("created_at", Rules.timestamp(), Fields.AUTO),
            Field.number("updated_at", Rules.timestamp(), Fields.AUTO),
            Fields.foreign("upstream", "upstreams").mandatory(),
            Field.string(
                            "target",
                            TextRules.rule(
                                    "target",
                                    text -> HostPort.parse(text)
                                                    .filter(HostPort::portInRange)
                                                    .isPresent()
                                            ? ""
                                            : "Invalid target ('" + text + "'); not a valid hostname or ip address"))
                    .mandatory(),
            Field.integer("weight", Rules.between(0, 65_535)).defaultsTo(100),
            Fields.tags());

    @Override
    public Target decode(Settings tree) {
        double created = seconds(tree, "created_at", 0);
        return new Target(
                Fields.uuid(tree),
                Fields.requiredReference(tree, "upstream"),
                HostPort.parse(tree.string("target")).orElseThrow().withPort(DEFAULT_PORT),
                Fields.integer(tree, "weight"),
                Fields.strings(tree, "tags"),
                created,
                seconds(tree, "updated_at", created));
    }

    @Override
    public Map<String, @Nullable Object> encode(Target target) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", target.id().toString());
        tree.put("created_at", time(target.createdAt()));
        tree.put("updated_at", time(target.updatedAt()));
        tree.put("upstream", Fields.encoded(target.upstream()));
        tree.put("target", target.target());
        tree.put("weight", (long) target.weight());
        tree.put("tags", Fields.encoded(target.tags()));
        return tree;
    }

    private static double seconds(Settings tree, String name, double otherwise) {
        return tree.optionalNumber(name).map(Number::doubleValue).orElse(otherwise);
    }

    private static @Nullable Object time(double seconds) {
        return seconds == 0 ? null : (Object) seconds;
    }
}
