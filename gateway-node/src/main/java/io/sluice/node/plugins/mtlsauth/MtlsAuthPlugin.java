package io.sluice.node.plugins.mtlsauth;

import io.sluice.node.plugin.AnonymousAccess;
import io.sluice.node.plugin.ConsumerIndex;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.plugins.mtlsauth.CertificateOwners.Owner;
import io.sluice.node.plugins.mtlsauth.TrustedClients.Result;
import io.sluice.state.model.CaCertificate;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates clients by the certificate of their TLS connection: it must lead to one of the authorities, and one of its
 * names to a consumer.
 */
public final class MtlsAuthPlugin implements Plugin {

    private static final Logger LOG = LoggerFactory.getLogger(MtlsAuthPlugin.class);
    private static final HeaderName WHOLE_NAME = HeaderName.of("X-Client-Cert-Dn");
    private static final HeaderName ALTERNATIVES = HeaderName.of("X-Client-Cert-San");
    private static final Verdict.Answer MISSING = Verdict.error(401, "No required TLS certificate was sent");
    private static final Verdict.Answer REFUSED = Verdict.error(401, "TLS certificate failed verification");
    private static final int ASKING_THREADS = 8;

    /** The kind {@code mtls-auth}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "mtls-auth";
        }

        @Override
        public int priority() {
            return 1600;
        }

        @Override
        public Schema settings() {
            return MtlsAuthSettings.SCHEMA;
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
        public Optional<List<UUID>> clientAuthorities(Settings settings) {
            boolean told = settings.has("send_ca_dn") && settings.bool("send_ca_dn");
            return Optional.of(told ? MtlsAuthSettings.authorities(settings) : List.of());
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new MtlsAuthPlugin(settings, context);
        }
    }

    private final MtlsAuthSettings settings;
    private final TrustedClients clients;
    private final CertificateOwners owners;
    private final AnonymousAccess anonymous;
    private final @Nullable Consumer fallback;

    private MtlsAuthPlugin(Settings given, PluginContext context) {
        settings = MtlsAuthSettings.of(given);
        owners = CertificateOwners.of(context);
        anonymous = AnonymousAccess.of(given, context);
        fallback = given.optionalString("default_consumer")
                .flatMap(ConsumerIndex.of(context)::find)
                .orElse(null);
        clients = new TrustedClients(
                new ChainCheck(authorities(context.config(), settings.authorities()), settings.partial()),
                settings,
                context.clock(),
                threads(context, "sluice-client-chains", Runtime.getRuntime().availableProcessors()),
                threads(context, "sluice-revocation", ASKING_THREADS));
    }

    private static Executor threads(PluginContext context, String name, int most) {
        return context.resource(name, () -> new CheckThreads(name, most));
    }

    private static Map<UUID, X509Certificate> authorities(GatewayConfig config, List<UUID> ids) {
        Map<UUID, X509Certificate> all = new HashMap<>();
        for (CaCertificate authority : config.caCertificates()) {
            if (ids.contains(authority.id())) {
                try {
                    all.put(authority.id(), ChainCheck.read(authority.cert()));
                } catch (GeneralSecurityException e) {
                    LOG.atWarn()
                            .addKeyValue("ca_certificate", authority.id())
                            .addKeyValue("reason", e.getMessage())
                            .log("an authority cannot be read, so no client is trusted on its word");
                }
            }
        }
        for (UUID id : ids) {
            if (config.caCertificates().stream().noneMatch(one -> one.id().equals(id))) {
                LOG.atWarn().addKeyValue("ca_certificate", id).log("an authority of mtls-auth is not there");
            }
        }
        return all;
    }

    @Override
    public Verdict access(Exchange exchange) {
        MutableHeaders forwarded = exchange.upstream().headers();
        forwarded.remove(WHOLE_NAME);
        forwarded.remove(ALTERNATIVES);
        if (anonymous.satisfied(exchange)) {
            return Verdict.CONTINUE;
        }
        List<X509Certificate> chain = exchange.request().clientCertificates();
        if (chain.isEmpty()) {
            return anonymous.refuse(exchange, MISSING);
        }
        Result known = clients.known(chain);
        return known != null
                ? decide(exchange, known)
                : new Verdict.Later(clients.find(chain).thenApply(found -> decide(exchange, found)));
    }

    private Verdict decide(Exchange exchange, Result result) {
        if (!result.trusted()) {
            return anonymous.refuse(exchange, REFUSED);
        }
        CertificateNames names = result.names();
        if (!settings.lookUp()) {
            admit(exchange, names);
            return Verdict.CONTINUE;
        }
        Owner owner = owners.find(names.all(), result.issuers(), settings);
        if (owner == null && fallback != null) {
            owner = new Owner(fallback, fallback.id());
        }
        if (owner == null) {
            return anonymous.refuse(exchange, REFUSED);
        }
        exchange.authenticate(
                owner.consumer(), owner.credential(), owner.credential().toString());
        return Verdict.CONTINUE;
    }

    /** Lets a trusted client in without a consumer: its names go to the upstream, one of them is its group. */
    private void admit(Exchange exchange, CertificateNames names) {
        String group = settings.groupByName() ? names.common().orElse(names.whole()) : names.whole();
        exchange.authenticate(null, UUID.nameUUIDFromBytes(names.whole().getBytes(StandardCharsets.UTF_8)), group);
        exchange.belongsTo(List.of(group));
        MutableHeaders forwarded = exchange.upstream().headers();
        forwarded.set(WHOLE_NAME, Header.encoded(names.whole()));
        if (!names.alternatives().isEmpty()) {
            forwarded.set(ALTERNATIVES, Header.encoded(String.join(",", names.alternatives())));
        }
    }
}
