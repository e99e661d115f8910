package io.sluice.node.plugins.jwt;

import io.sluice.node.plugin.AnonymousAccess;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Authenticates the consumer whose credential a signed token names. The credential, not the token, decides the algorithm. */
public final class JwtPlugin implements Plugin {

    /** The kind {@code jwt}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "jwt";
        }

        @Override
        public int priority() {
            return 1450;
        }

        @Override
        public Schema settings() {
            return JwtSettings.SCHEMA;
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
        public Set<String> secretNames(Settings settings) {
            Set<String> names = new HashSet<>(settings.strings("uri_param_names"));
            names.addAll(settings.strings("header_names"));
            return names;
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new JwtPlugin(
                    JwtSettings.of(settings),
                    settings.optionalString("realm").orElse(null),
                    JwtIndex.of(context),
                    AnonymousAccess.of(settings, context),
                    context.clock());
        }
    }

    private final JwtSettings settings;
    private final JwtIndex credentials;
    private final AnonymousAccess anonymous;
    private final InstantSource clock;
    private final String scheme;
    private final String challenge;

    JwtPlugin(
            JwtSettings settings,
            @Nullable String realm,
            JwtIndex credentials,
            AnonymousAccess anonymous,
            InstantSource clock) {
        this.settings = settings;
        this.credentials = credentials;
        this.anonymous = anonymous;
        this.clock = clock;
        this.scheme = realm == null ? "Bearer" : "Bearer realm=\"" + realm + "\"";
        this.challenge = scheme + " error=\"invalid_token\""; // no comma behind a realm: Kong 3.9's form
    }

    @Override
    public Verdict access(Exchange exchange) {
        boolean skipped = !settings.onPreflight() && exchange.request().method().equals("OPTIONS");
        if (skipped || anonymous.satisfied(exchange)) {
            return Verdict.CONTINUE;
        }
        TokenSearch search = TokenSearch.in(exchange.request(), settings);
        String token = search.found();
        if (token == null) {
            return refuse(exchange, Refusal.of("Unauthorized"), scheme);
        }
        Refusal refusal = search.several() ? Refusal.of("Multiple tokens provided") : authenticate(exchange, token);
        return refusal == null ? Verdict.CONTINUE : refuse(exchange, refusal, challenge);
    }

    private Verdict refuse(Exchange exchange, Refusal refusal, String authenticate) {
        Verdict.Answer answer =
                exchange.request().grpc() ? Verdict.error(401, refusal.message()) : Verdict.json(401, refusal.body());
        return anonymous.refuse(exchange, answer.header("WWW-Authenticate", authenticate));
    }

    /** Null if the token is good. */
    private @Nullable Refusal authenticate(Exchange exchange, String text) {
        JwtToken parsed = JwtToken.parse(text);
        if (!(parsed instanceof JwtToken.Read token)) {
            return Refusal.of("Bad token; " + ((JwtToken.Broken) parsed).reason());
        }
        Object key = token.claimOrHeader(settings.keyClaim());
        if (key == null) {
            return Refusal.of("No mandatory '" + settings.keyClaim() + "' in claims");
        }
        if (!(key instanceof String name) || name.isEmpty()) {
            return Refusal.of("Invalid '" + settings.keyClaim() + "' in claims");
        }
        JwtIndex.Owner owner = credentials.find(name);
        if (owner == null) {
            return Refusal.of("No credentials found for given '" + settings.keyClaim() + "'");
        }
        Refusal problem = problem(token, owner);
        if (problem == null) {
            exchange.authenticate(owner.consumer(), owner.credential(), owner.key());
        }
        return problem;
    }

    private @Nullable Refusal problem(JwtToken.Read token, JwtIndex.Owner owner) {
        if (!token.algorithm().equals(owner.algorithm())) {
            return Refusal.of("Invalid algorithm");
        }
        SignatureCheck check = settings.base64Secrets() ? owner.base64() : owner.plain();
        if (check == null) {
            return Refusal.of("Invalid key/secret");
        }
        if (!check.verify(token.signed(), token.signature())) {
            return Refusal.of("Invalid signature");
        }
        return claimProblem(token);
    }

    private @Nullable Refusal claimProblem(JwtToken.Read token) {
        long now = Math.floorDiv(clock.millis(), 1000L); // whole seconds, as tokens usually have
        StringJoiner problems = new StringJoiner(",", "{", "}").setEmptyValue("");
        for (String claim : settings.claims()) {
            String problem = timeProblem(claim, token.claims().get(claim), now);
            if (problem != null) {
                problems.add("\"" + claim + "\":\"" + problem + "\"");
            }
        }
        if (problems.length() > 0) {
            return Refusal.ofClaims(problems.toString());
        }
        boolean tooLong = settings.maximumExpiration() > 0
                && !(token.claims().get("exp") instanceof Number exp
                        && exp.doubleValue() - now <= settings.maximumExpiration());
        return tooLong ? Refusal.ofClaims("{\"exp\":\"exceeds maximum allowed expiration\"}") : null;
    }

    private static @Nullable String timeProblem(String claim, @Nullable Object value, long now) {
        if (!(value instanceof Number number)) {
            return "must be a number";
        }
        double time = number.doubleValue();
        if (claim.equals("exp")) {
            return time <= now ? "token expired" : null;
        }
        return time > now ? "token not valid yet" : null;
    }
}
