package io.sluice.node.plugins.transformer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.node.plugins.transformer.Edits.Change;
import io.sluice.node.plugins.transformer.Edits.Rendered;
import java.io.IOException;
import java.util.Optional;

/** Changes the top-level members of a JSON object; numbers keep every digit. Stateless. */
final class JsonEdits {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonEdits() {}

    /** The changed body; empty if it is not an object or nothing was changed. No bytes at all count as an empty object. */
    static Optional<byte[]> apply(Rendered<String> edits, byte[] body) {
        try {
            JsonNode root = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
            if (root instanceof ObjectNode object && change(edits, object)) {
                return Optional.of(JSON.writeValueAsBytes(object));
            }
            return Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
    }

    private static boolean change(Rendered<String> edits, ObjectNode object) {
        boolean changed = false;
        for (String name : edits.remove()) {
            changed |= object.remove(name) != null;
        }
        for (Change<String> change : edits.rename()) {
            JsonNode value = object.remove(change.name());
            if (value != null) {
                object.set(change.text(), value);
                changed = true;
            }
        }
        for (Change<String> change : edits.replace()) {
            changed |= object.has(change.name()) && set(object, change);
        }
        for (Change<String> change : edits.add()) {
            changed |= !object.has(change.name()) && set(object, change);
        }
        for (Change<String> change : edits.append()) {
            changed |= append(object, change);
        }
        return changed;
    }

    private static boolean set(ObjectNode object, Change<String> change) {
        JsonNode value = change.type().node(change.text());
        if (value == null) {
            return false;
        }
        object.set(change.name(), value);
        return true;
    }

    /** What is there already becomes the first element, unless it is an array. */
    private static boolean append(ObjectNode object, Change<String> change) {
        JsonNode value = change.type().node(change.text());
        if (value == null) {
            return false;
        }
        JsonNode old = object.get(change.name());
        if (old instanceof ArrayNode array) {
            array.add(value);
        } else {
            ArrayNode array = object.putArray(change.name());
            if (old != null) {
                array.add(old);
            }
            array.add(value);
        }
        return true;
    }
}
