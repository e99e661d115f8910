package io.sluice.node.plugins.acl;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.Set;

/** Admits consumers by their groups; the groups are {@code acls} entities or come from an authentication plugin. */
public final class AclPlugin implements Plugin {

    /** The kind {@code acl}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "acl";
        }

        @Override
        public int priority() {
            return 950;
        }

        @Override
        public Schema settings() {
            return Schema.of(
                            Field.of("allow", Type.array(Type.string())),
                            Field.of("deny", Type.array(Type.string())),
                            Field.bool("hide_groups_header", false).mandatory(),
                            Field.bool("always_use_authenticated_groups", false).mandatory())
                    .with(Checks.onlyOneOf("allow", "deny"))
                    .with(Checks.atLeastOneOf("allow", "deny"));
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public boolean consumerScope() {
            return false;
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            boolean deny = !settings.strings("deny").isEmpty();
            return new AclPlugin(
                    AclIndex.of(context),
                    Set.copyOf(settings.strings(deny ? "deny" : "allow")),
                    deny,
                    settings.bool("hide_groups_header"),
                    settings.bool("always_use_authenticated_groups"));
        }
    }

    private static final HeaderName CONSUMER_GROUPS = HeaderName.of("X-Consumer-Groups");
    private static final HeaderName AUTHENTICATED_GROUPS = HeaderName.of("X-Authenticated-Groups");
    private static final Verdict UNAUTHORIZED = Verdict.error(401, "Unauthorized");
    private static final Verdict FORBIDDEN = Verdict.error(403, "You cannot consume this service");

    private final AclIndex index;
    private final Set<String> listed;
    private final boolean deny;
    private final boolean hide;
    private final boolean authenticatedFirst;

    AclPlugin(AclIndex index, Set<String> listed, boolean deny, boolean hide, boolean authenticatedFirst) {
        this.index = index;
        this.listed = listed;
        this.deny = deny;
        this.hide = hide;
        this.authenticatedFirst = authenticatedFirst;
    }

    @Override
    public Verdict access(Exchange exchange) {
        Consumer consumer = exchange.consumer().orElse(null);
        boolean known = exchange.credential().isPresent();
        List<String> authenticated = exchange.authenticatedGroups();
        Verdict stranger = known ? FORBIDDEN : UNAUTHORIZED;
        if (!authenticated.isEmpty() && (consumer == null || !known || authenticatedFirst)) {
            return decide(exchange, Groups.of(authenticated), AUTHENTICATED_GROUPS);
        }
        if (consumer == null) {
            return stranger;
        }
        Groups groups = index.groups(consumer.id());
        return groups.isEmpty() && !deny ? stranger : decide(exchange, groups, CONSUMER_GROUPS);
    }

    private Verdict decide(Exchange exchange, Groups groups, HeaderName header) {
        if (groups.meets(listed) == deny) {
            return FORBIDDEN;
        }
        MutableHeaders headers = exchange.upstream().headers();
        headers.remove(CONSUMER_GROUPS); // the client's claims
        headers.remove(AUTHENTICATED_GROUPS);
        if (!hide && !groups.isEmpty()) {
            headers.set(header, groups.header());
        }
        return Verdict.CONTINUE;
    }
}
