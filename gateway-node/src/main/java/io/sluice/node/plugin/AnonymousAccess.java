package io.sluice.node.plugin;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Settings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What authentication plugins do about the setting {@code anonymous}. Without it every plugin must succeed; with it one
 * success is enough, and who has none acts as the anonymous consumer. Immutable.
 */
public final class AnonymousAccess {

    /** The setting: a consumer's id or username. */
    public static final Field FIELD = Field.string("anonymous");

    private final boolean configured;
    private final @Nullable Consumer consumer;
    private final Verdict missing;

    private AnonymousAccess(boolean configured, @Nullable Consumer consumer, Verdict missing) {
        this.configured = configured;
        this.consumer = consumer;
        this.missing = missing;
    }

    /** The rule of a plugin whose schema has {@link #FIELD}. */
    public static AnonymousAccess of(Settings settings, PluginContext context) {
        Optional<String> name = settings.optionalString(FIELD.name());
        return new AnonymousAccess(
                name.isPresent(),
                name.flatMap(ConsumerIndex.of(context)::find).orElse(null),
                Verdict.error(500, "anonymous consumer " + name.orElse("") + " is configured but doesn't exist"));
    }

    /** Whether an earlier plugin's success is enough, so that this one need not look. */
    public boolean satisfied(Exchange exchange) {
        return configured && exchange.credential().isPresent();
    }

    /** What becomes of an exchange that the plugin would end with this answer. */
    public Verdict refuse(Exchange exchange, Verdict.Answer refusal) {
        if (!configured) {
            return refusal;
        }
        if (consumer == null) {
            return missing;
        }
        exchange.authenticateAnonymous(consumer);
        return Verdict.CONTINUE;
    }
}
