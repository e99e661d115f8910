package io.sluice.deploy;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Evaluates the rules of a schema as the API server does: rules that look at the old object only when there is one. */
final class RuleCheck {

    private static final Cel CEL = CelFactory.standardCelBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .build();

    private final List<String> broken = new ArrayList<>();

    private RuleCheck() {}

    /** The messages of the rules that the value breaks. */
    static List<String> broken(Map<String, Object> schema, Object value) {
        RuleCheck check = new RuleCheck();
        check.visit(schema, value, null);
        return check.broken;
    }

    /** The same for a change of an object. */
    static List<String> brokenByChange(Map<String, Object> schema, Object before, Object after) {
        RuleCheck check = new RuleCheck();
        check.visit(schema, after, before);
        return check.broken;
    }

    private void visit(Map<String, Object> schema, Object value, Object old) {
        for (Object rule : Manifests.list(schema, "x-kubernetes-validations")) {
            String text = Manifests.at(rule, "rule").toString();
            boolean isTransition = text.contains("oldSelf");
            if ((!isTransition || old != null) && !holds(text, value, old)) {
                broken.add(Manifests.at(rule, "message").toString());
            }
        }
        if (value instanceof Map<?, ?> fields && schema.get("properties") != null) {
            fields.forEach((name, field) -> {
                Object inner = Manifests.at(schema, "properties", name.toString());
                if (inner != null) {
                    visit(Manifests.map(inner), field, Manifests.at(old, name.toString()));
                }
            });
        } else if (value instanceof List<?> items) {
            items.forEach(item -> visit(Manifests.map(schema.get("items")), item, null));
        }
    }

    private static boolean holds(String rule, Object self, Object old) {
        Map<String, Object> known = new HashMap<>(Map.of("self", self));
        if (old != null) {
            known.put("oldSelf", old);
        }
        try {
            return (Boolean) CEL.createProgram(CEL.compile(rule).getAst()).eval(known);
        } catch (CelValidationException | CelEvaluationException e) {
            throw new AssertionError(rule, e);
        }
    }
}
