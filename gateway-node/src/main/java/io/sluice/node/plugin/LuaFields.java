package io.sluice.node.plugin;

import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Type;
import java.util.Map;

/** Settings that hold Lua code in Kong. There is no Lua here: they may be there, but only empty. */
public final class LuaFields {

    private LuaFields() {}

    /** {@code custom_fields_by_lua} of the logging plugins. */
    public static Field customFields() {
        return Field.of(
                "custom_fields_by_lua",
                Type.map(
                        Type.string(Rules.minimumLength(1)),
                        Type.string(Rules.minimumLength(0)),
                        Rules.custom(
                                "no_lua",
                                value -> ((Map<?, ?>) value).isEmpty(),
                                "is Lua code, which this gateway does not run (expected: empty)")));
    }
}
