package io.sluice.node.plugins.keyauth;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.UrlEncoded;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** A request body that may hold a key: a form or a JSON object. */
sealed interface KeyBody {

    HeaderName CONTENT_TYPE = HeaderName.of("Content-Type");

    String FORM = "application/x-www-form-urlencoded";

    String JSON = "application/json";

    /** A body without keys. */
    KeyBody NONE = new None();

    /** The values of a field as headers would carry them; several if there is more than one string. */
    List<String> values(String name);

    /** The body without the field; empty if it did not have it. */
    Optional<ByteString> without(String name);

    /** Whether the announced type is one of those searched for keys. */
    static boolean readable(ClientRequest request) {
        return hasType(request, FORM) || hasType(request, JSON);
    }

    private static boolean hasType(ClientRequest request, String type) {
        String sent = request.headers().first(CONTENT_TYPE).orElse("");
        return sent.regionMatches(true, 0, type, 0, type.length());
    }

    /** Reads the body by its announced type; what is not well-formed has no keys. */
    static KeyBody of(ClientRequest request, ByteString bytes) {
        if (hasType(request, FORM)) {
            return new Form(bytes.utf8String());
        }
        try {
            return Json.MAPPER.readTree(bytes.toArrayUnsafe()) instanceof ObjectNode object ? new Json(object) : NONE;
        } catch (JacksonException e) {
            return NONE;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /** Nothing. */
    record None() implements KeyBody {
        @Override
        public List<String> values(String name) {
            return List.of();
        }

        @Override
        public Optional<ByteString> without(String name) {
            return Optional.empty();
        }
    }

    /** A form, not decoded. */
    record Form(String text) implements KeyBody {
        @Override
        public List<String> values(String name) {
            return UrlEncoded.parse(text).stream()
                    .filter(argument -> argument.name().equals(name))
                    .map(argument -> Header.encoded(argument.value()))
                    .toList();
        }

        @Override
        public Optional<ByteString> without(String name) {
            String rest = UrlEncoded.without(text, name);
            return rest.length() == text.length() ? Optional.empty() : Optional.of(ByteString.fromString(rest));
        }
    }

    /** A JSON object; numbers keep their digits. */
    record Json(ObjectNode object) implements KeyBody {
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();

        @Override
        public List<String> values(String name) {
            JsonNode value = object.path(name);
            if (value.isTextual()) {
                return List.of(Header.encoded(value.textValue()));
            }
            return value.isContainerNode() ? List.of("", "") : List.of(); // a list or an object is not one key
        }

        @Override
        public Optional<ByteString> without(String name) {
            if (!object.has(name)) {
                return Optional.empty();
            }
            ObjectNode rest = object.deepCopy();
            rest.remove(name);
            return Optional.of(ByteString.fromString(rest.toString()));
        }
    }
}
