package io.sluice.node.config.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.kind.Entities;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.Checked;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads declarative documents (kong.yml of format 1.1, 2.1 and 3.0, JSON or YAML, nested or flat). All problems are found at
 * once; any problem refuses the whole document. Costs processor time in proportion to the text: not for event loops.
 * Thread-safe.
 */
public final class DeclarativeReader {

    private static final JsonMapper JSON = new JsonMapper();

    private final EntityCheck check;
    private final StoredForm stored;
    private final InstantSource clock;
    private final DocumentLimits limits;

    /** @param random draws keys and salts; must be a secure one outside of tests */
    public DeclarativeReader(EntityCheck check, RandomGenerator random, InstantSource clock, DocumentLimits limits) {
        this.check = check;
        this.stored = new StoredForm(random);
        this.clock = clock;
        this.limits = limits;
    }

    /** What identifies a text: its MD5 in 32 lower-case hex digits. */
    public static String hash(String text) {
        return StoredForm.hex("MD5", text.getBytes(StandardCharsets.UTF_8));
    }

    /** What identifies a parsed document: the MD5 of its JSON. */
    public static String hash(Map<String, @Nullable Object> root) {
        try {
            return hash(JSON.writeValueAsString(root));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a tree of plain values", e);
        }
    }

    /** Reads a text. The configuration has the text's hash. */
    public ReadResult read(String text, TextFormat format) {
        Object root;
        try {
            root = parsed(text, format);
        } catch (DocumentException e) {
            return ReadResult.refused(
                    ConfigErrors.whole("failed parsing declarative configuration: " + e.getMessage()));
        }
        if (!(root instanceof Map<?, ?>)) {
            return ReadResult.refused(
                    ConfigErrors.whole("failed parsing declarative configuration: expected an object"));
        }
        return read(EntityCheck.tree(root), hash(text));
    }

    /**
     * Reads a document that is parsed already (values: Map, List, String, Long, Double, Boolean, null).
     *
     * @param root may be changed
     * @param hash of the resulting configuration, 32 lower-case hex digits
     */
    public ReadResult read(Map<String, @Nullable Object> root, String hash) {
        DraftReader document = new DraftReader();
        document.read(root);
        List<Draft> drafts = Draft.flat(document.top);
        DraftIds ids = new DraftIds();
        for (Draft draft : drafts) {
            ids.assign(draft);
            if (draft.verdict == null) {
                checkOne(draft, document);
            }
        }
        Links links = new Links();
        links.index(drafts);
        GroupMembers.add(drafts, links);
        drafts.forEach(links::resolve);
        links.rejectSamePlace(drafts);
        ConfigErrors errors = ConfigErrors.of(document.errors, document.top);
        return errors.isEmpty()
                ? new ReadResult(config(drafts, document.transform, hash), ConfigErrors.NONE, document.warnings)
                : new ReadResult(null, errors, document.warnings);
    }

    private @Nullable Object parsed(String text, TextFormat format) throws DocumentException {
        if (text.length() > limits.characters()) {
            throw new DocumentException("longer than " + limits.characters() + " characters");
        }
        return switch (format) {
            case JSON -> JsonDocument.read(text, limits);
            case YAML -> YamlDocument.read(text, limits);
            case ANY -> either(text);
        };
    }

    private @Nullable Object either(String text) throws DocumentException {
        try {
            return JsonDocument.read(text, limits);
        } catch (DocumentException e) {
            if (text.stripLeading().startsWith("{\"")) {
                throw e;
            }
            return YamlDocument.read(text, limits);
        }
    }

    private void checkOne(Draft draft, DraftReader document) {
        Map<String, @Nullable Object> input = new LinkedHashMap<>(draft.given);
        input.remove("_comment");
        input.remove("_ignore");
        if (draft.kind == EntityKind.CONSUMER_GROUP) {
            input.remove(GroupMembers.FIELD_OF_GROUP);
        }
        DeckDefaults.apply(draft, input, document);
        String error = putParent(draft, input);
        putDerived(draft, input);
        Checked checked = check.check(draft.kind, input);
        if (checked.error() instanceof Map<?, ?> found) {
            found.forEach((field, one) -> draft.errors.putIfAbsent(String.valueOf(field), one));
        } else {
            draft.tree = EntityCheck.tree(checked.value());
            if (draft.kind == EntityKind.CA_CERTIFICATE) {
                stored.apply(draft.kind, draft.tree, document.transform);
            }
        }
        if (!error.isEmpty()) {
            draft.errors.put(draft.parentField(), error);
        }
    }

    /** A nested entity belongs to what it is nested in; it may say so itself but not otherwise. */
    private static String putParent(Draft draft, Map<String, @Nullable Object> input) {
        if (draft.parent == null) {
            return "";
        }
        Object given = input.put(draft.parentField(), Map.of("id", draft.parent.id));
        Object key =
                draft.parent.kind.endpointKey().map(draft.parent.given::get).orElse(null);
        Object named =
                given instanceof Map<?, ?> reference && reference.get("id") != null ? reference.get("id") : given;
        boolean same = named == null || named.equals(draft.parent.id) || named.equals(key);
        return same ? "" : "value must be null";
    }

    private void putDerived(Draft draft, Map<String, @Nullable Object> input) {
        Instant now = clock.instant();
        Object seconds =
                draft.kind == EntityKind.TARGET ? (Object) (now.toEpochMilli() / 1000.0) : now.getEpochSecond();
        input.putIfAbsent("id", draft.id);
        input.putIfAbsent("created_at", seconds);
        boolean updates = draft.kind.schema().fields().stream()
                .anyMatch(field -> field.name().equals("updated_at"));
        if (updates) {
            input.putIfAbsent("updated_at", seconds);
        }
        stored.draw(draft.kind, input);
    }

    private GatewayConfig config(List<Draft> drafts, boolean transform, String hash) {
        List<Entity> entities = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            if (draft.kind != EntityKind.CA_CERTIFICATE) {
                stored.apply(draft.kind, draft.tree, transform);
            }
            entities.add(draft.kind.decode(draft.tree));
        }
        return entities.isEmpty() ? GatewayConfig.EMPTY : Entities.config(hash, entities);
    }
}
