package io.sluice.node.plugins.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a value becomes in a JSON body. */
enum JsonType {
    STRING,
    NUMBER,
    BOOLEAN;

    static JsonType of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The value; null if it is not of the type. Whatever is not {@code true} is false, as in Kong. */
    @Nullable
    JsonNode node(String value) {
        return switch (this) {
            case STRING -> TextNode.valueOf(value);
            case BOOLEAN -> BooleanNode.valueOf(value.equals("true"));
            case NUMBER -> number(value);
        };
    }

    private static @Nullable JsonNode number(String value) {
        try {
            return DecimalNode.valueOf(new BigDecimal(value.strip()));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
