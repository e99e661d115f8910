package io.sluice.node.config.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON text to a tree of Map, List, String, Long, Double, Boolean and null. */
final class JsonDocument {

    private final DocumentLimits limits;
    private final JsonParser parser;
    private int values;

    private JsonDocument(DocumentLimits limits, JsonParser parser) {
        this.limits = limits;
        this.parser = parser;
    }

    /** Reads one JSON value and nothing behind it. */
    static @Nullable Object read(String text, DocumentLimits limits) throws DocumentException {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(limits.depth())
                .maxStringLength(limits.characters())
                .maxDocumentLength(limits.characters())
                .maxNumberLength(100)
                .build();
        JsonFactory factory =
                JsonFactory.builder().streamReadConstraints(constraints).build();
        try (JsonParser parser = factory.createParser(text)) {
            JsonDocument document = new JsonDocument(limits, parser);
            Object value = document.value(document.next());
            if (parser.nextToken() != null) {
                throw document.refused("expected nothing behind the document");
            }
            return value;
        } catch (JsonProcessingException e) {
            // The parser's own words may quote the text, and with it secrets.
            JsonLocation at = e.getLocation();
            boolean tooMuch =
                    e.getOriginalMessage() != null && e.getOriginalMessage().contains("exceeds the maximum allowed");
            String why = tooMuch ? "nested too deep or too long" : "not valid JSON";
            throw new DocumentException(at == null ? why : position(at) + ": " + why);
        } catch (IOException e) {
            throw new DocumentException("not readable");
        }
    }

    private JsonToken next() throws IOException, DocumentException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw refused("unexpected end");
        }
        return token;
    }

    private @Nullable Object value(JsonToken token) throws IOException, DocumentException {
        if (++values > limits.values()) {
            throw refused("more than " + limits.values() + " values");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? (Object) parser.getDoubleValue()
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw refused("not valid JSON");
        };
    }

    private Map<String, @Nullable Object> object() throws IOException, DocumentException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (next() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Object value = value(next());
            if (object.containsKey(name)) {
                throw refused("key '" + name + "' is given twice");
            }
            object.put(name, value);
        }
        return object;
    }

    private List<@Nullable Object> array() throws IOException, DocumentException {
        List<@Nullable Object> array = new ArrayList<>();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            array.add(value(token));
        }
        return array;
    }

    private DocumentException refused(String why) {
        return new DocumentException(position(parser.currentLocation()) + ": " + why);
    }

    private static String position(JsonLocation at) {
        return "line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
