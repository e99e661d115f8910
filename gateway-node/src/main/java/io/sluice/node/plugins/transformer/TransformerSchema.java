package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.HeaderName;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.Optional;

/** The settings of both transformers: five records of lists, their entries {@code name} or {@code name:value}. */
final class TransformerSchema {

    private static final Rule PAIR = Rules.custom(
            "match", value -> ((String) value).indexOf(':') > 0, "invalid value: %s (expected: name:value)");
    private static final Rule METHOD = Rules.custom(
            "match",
            value -> ((String) value).chars().allMatch(c -> c >= 'A' && c <= 'Z'),
            "invalid value: %s (expected: upper-case letters)");
    private static final Rule TEMPLATE = new Rule("template", true, value -> {
        try {
            Template.parse((String) value);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    });

    private TransformerSchema() {}

    static Schema request() {
        return Schema.of(
                Field.string("http_method", METHOD),
                Field.record(
                        "remove",
                        Schema.of(entries("body"), entries("headers", header(false)), entries("querystring"))),
                Field.record("rename", requestPairs(header(true))),
                Field.record("replace", requestPairs(header(false)).with(Field.string("uri", TEMPLATE))),
                Field.record("add", requestPairs(header(false))),
                Field.record("append", requestPairs(header(false))));
    }

    static Schema response() {
        return Schema.of(
                Field.record("remove", Schema.of(entries("json"), entries("headers", header(false)))),
                Field.record("rename", Schema.of(entries("json", PAIR), entries("headers", PAIR, header(true)))),
                Field.record("replace", responsePairs()),
                Field.record("add", responsePairs()),
                Field.record("append", responsePairs()));
    }

    private static Schema requestPairs(Rule header) {
        return Schema.of(
                entries("body", PAIR, TEMPLATE),
                entries("headers", PAIR, header, TEMPLATE),
                entries("querystring", PAIR, TEMPLATE));
    }

    private static Schema responsePairs() {
        Type types = Type.array(Type.string(Rules.oneOf("boolean", "number", "string")));
        return Schema.of(
                entries("json", PAIR),
                Field.of("json_types", types).defaultsTo(List.of()),
                entries("headers", PAIR, header(false)));
    }

    private static Field entries(String name, Rule... rules) {
        return Field.of(name, Type.array(Type.string(rules))).defaultsTo(List.of());
    }

    /** The name is a header's; so is the value, if it is a name too and not made by a template. */
    private static Rule header(boolean renamed) {
        return new Rule("header", true, value -> {
            String[] pair = ((String) value).split(":", 2);
            if (!isName(pair[0])) {
                return Optional.of("'" + pair[0] + "' is not a valid header");
            }
            boolean wrong = renamed && !pair[1].isEmpty() && !pair[1].contains("$(") && !isName(pair[1]);
            return wrong ? Optional.of("'" + pair[1] + "' is not a valid header") : Optional.empty();
        });
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.chars().allMatch(HeaderName::tokenChar);
    }
}
