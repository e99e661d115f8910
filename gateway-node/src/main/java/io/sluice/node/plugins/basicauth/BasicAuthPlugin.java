package io.sluice.node.plugins.basicauth;

import io.sluice.node.plugin.AnonymousAccess;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Authenticates the consumer whose user name and password a request carries, Proxy-Authorization before Authorization. */
public final class BasicAuthPlugin implements Plugin {

    /** The kind {@code basic-auth}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "basic-auth";
        }

        @Override
        public int priority() {
            return 1100;
        }

        @Override
        public Schema settings() {
            return Schema.of(
                    AnonymousAccess.FIELD,
                    Field.bool("hide_credentials", false).mandatory(),
                    Field.string("realm").defaultsTo("service").mandatory());
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
            Verdict.Answer refusal = Verdict.error(401, "Unauthorized")
                    .header("WWW-Authenticate", "Basic realm=\"" + settings.string("realm") + "\"");
            return new BasicAuthPlugin(
                    BasicAuthIndex.of(context),
                    AnonymousAccess.of(settings, context),
                    settings.bool("hide_credentials"),
                    refusal);
        }
    }

    private static final HeaderName PROXY_AUTHORIZATION = HeaderName.of("Proxy-Authorization");
    private static final HeaderName AUTHORIZATION = HeaderName.of("Authorization");

    private final BasicAuthIndex users;
    private final AnonymousAccess anonymous;
    private final boolean hide;
    private final Verdict.Answer refusal;

    BasicAuthPlugin(BasicAuthIndex users, AnonymousAccess anonymous, boolean hide, Verdict.Answer refusal) {
        this.users = users;
        this.anonymous = anonymous;
        this.hide = hide;
        this.refusal = refusal;
    }

    @Override
    public Verdict access(Exchange exchange) {
        if (anonymous.satisfied(exchange)) {
            return Verdict.CONTINUE;
        }
        BasicAuthIndex.Owner owner = authenticated(exchange);
        if (owner == null) {
            return anonymous.refuse(exchange, refusal);
        }
        exchange.authenticate(owner.consumer(), owner.credential(), owner.username());
        return Verdict.CONTINUE;
    }

    private BasicAuthIndex.@Nullable Owner authenticated(Exchange exchange) {
        UserPass given = given(exchange, PROXY_AUTHORIZATION);
        BasicAuthIndex.Owner owner = given == null ? null : users.find(given.username());
        if (owner == null) {
            given = given(exchange, AUTHORIZATION);
            owner = given == null ? null : users.find(given.username());
        }
        if (given == null) {
            return null;
        }
        PasswordDigest password = owner == null ? PasswordDigest.NONE : owner.password();
        return password.matches(given.bytes(), given.passwordFrom()) ? owner : null;
    }

    private @Nullable UserPass given(Exchange exchange, HeaderName header) {
        String value = exchange.request().headers().first(header).orElse(null);
        if (value == null) {
            return null;
        }
        if (hide) {
            exchange.upstream().headers().remove(header);
        }
        return UserPass.parse(value);
    }
}
