package io.sluice.state.model.kind;

import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The fields that several kinds share, how they are read from a tree and put into one. */
final class Fields {

    static final Rule UNIQUE = Rules.note("unique");
    static final Rule AUTO = Rules.note("auto");

    private Fields() {}

    static Field id() {
        return Field.string("id", Rules.uuid(), AUTO);
    }

    static Field createdAt() {
        return Field.integer("created_at", Rules.timestamp(), AUTO);
    }

    static Field updatedAt() {
        return Field.integer("updated_at", Rules.timestamp(), AUTO);
    }

    static Field tags() {
        return Field.of("tags", Type.set(Type.string(TextRules.tag())));
    }

    static Field name() {
        return Field.string("name", TextRules.name(), UNIQUE);
    }

    static Field foreign(String name, String kinds) {
        return Field.of(name, Type.foreign(kinds));
    }

    static UUID uuid(Settings tree) {
        return UUID.fromString(tree.string("id"));
    }

    /** The id of a resolved reference. */
    static @Nullable UUID reference(Settings tree, String name) {
        return tree.has(name) ? UUID.fromString(tree.record(name).string("id")) : null;
    }

    static UUID requiredReference(Settings tree, String name) {
        return UUID.fromString(tree.record(name).string("id"));
    }

    static @Nullable String text(Settings tree, String name) {
        return tree.optionalString(name).orElse(null);
    }

    static @Nullable Integer number(Settings tree, String name) {
        return tree.optionalNumber(name).map(Number::intValue).orElse(null);
    }

    static @Nullable Boolean flag(Settings tree, String name) {
        return tree.has(name) ? (Boolean) tree.bool(name) : null;
    }

    static int integer(Settings tree, String name) {
        return Math.toIntExact(tree.integer(name));
    }

    static List<String> strings(Settings tree, String name) {
        return List.copyOf(tree.strings(name));
    }

    static long created(Settings tree) {
        return tree.has("created_at") ? tree.integer("created_at") : 0;
    }

    static long updated(Settings tree) {
        return tree.has("updated_at") ? tree.integer("updated_at") : created(tree);
    }

    static Map<String, @Nullable Object> tree() {
        return new LinkedHashMap<>();
    }

    static @Nullable Object encoded(@Nullable UUID reference) {
        return reference == null ? null : Map.of("id", reference.toString());
    }

    static @Nullable Object encoded(@Nullable Integer number) {
        return number == null ? null : (Object) number.longValue();
    }

    /** The list, null if it is empty. */
    static @Nullable Object encoded(Collection<?> many) {
        return many.isEmpty() ? null : List.copyOf(many);
    }

    /** The time, null if it is unknown. */
    static @Nullable Object time(long seconds) {
        return seconds == 0 ? null : (Object) seconds;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static String dashed(Enum<?> constant) {
        return word(constant).replace('_', '-');
    }

    static <T extends Enum<T>> T constant(Class<T> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
