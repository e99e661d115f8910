package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.HeaderName;
import org.jspecify.annotations.Nullable;

/** What templates see of an exchange. Values have one char per byte, so that any bytes come out as they were. */
interface TemplateInput {

    /** The first value. */
    @Nullable
    String header(HeaderName name);

    /** The first value; {@code true} for an argument without {@code =}, as in Kong. */
    @Nullable
    String queryParameter(String name);

    @Nullable
    String capture(String key);
}
