package io.sluice.node.plugins.iprestriction;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Cidr;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Admits clients by address: denied ones never, others if they are allowed or nothing is said about who is. */
public final class IpRestrictionPlugin implements Plugin {

    /** The kind {@code ip-restriction}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "ip-restriction";
        }

        @Override
        public int priority() {
            return 990;
        }

        @Override
        public Schema settings() {
            Rule block = Rules.custom(
                    "ip_or_cidr", value -> Cidr.parse((String) value).isPresent(), "invalid ip or cidr range: '%s'");
            return Schema.of(
                            Field.of("allow", Type.array(Type.string(block))),
                            Field.of("deny", Type.array(Type.string(block))),
                            Field.number("status"),
                            Field.string("message"))
                    .with(Checks.atLeastOneOf("allow", "deny"));
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Set<Protocol> protocols() {
            return Set.of(Protocol.HTTP, Protocol.HTTPS, Protocol.TCP, Protocol.TLS, Protocol.GRPC, Protocol.GRPCS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new IpRestrictionPlugin(
                    blocks(settings.strings("allow")),
                    blocks(settings.strings("deny")),
                    settings.optionalNumber("status").map(Factory::sendable).orElse(403),
                    settings.optionalString("message").orElse(null));
        }

        /** Any number may be configured, as in Kong; one that no answer can have becomes 500 there too. */
        private static int sendable(Number configured) {
            int status = configured.intValue();
            return status >= 200 && status <= 599 ? status : 500;
        }

        private static Cidr[] blocks(List<String> texts) {
            return texts.stream().map(Cidr::parse).flatMap(Optional::stream).toArray(Cidr[]::new);
        }
    }

    private final Cidr[] allow;
    private final Cidr[] deny;
    private final int status;
    private final @Nullable String message;

    IpRestrictionPlugin(Cidr[] allow, Cidr[] deny, int status, @Nullable String message) {
        this.allow = allow;
        this.deny = deny;
        this.status = status;
        this.message = message;
    }

    @Override
    public Verdict access(Exchange exchange) {
        byte[] client = exchange.request().clientAddress().getAddress();
        if (contains(deny, client) || allow.length > 0 && !contains(allow, client)) {
            String ip = exchange.request().clientIp();
            return Verdict.error(status, message == null ? "IP address not allowed: " + ip : message);
        }
        return Verdict.CONTINUE;
    }

    private static boolean contains(Cidr[] blocks, byte[] address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
