package io.sluice.node.plugin;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Builds small configurations; ids are derived from names, so tests can say what they expect. */
public final class ConfigFixture {
    private final List<Service> services = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Consumer> consumers = new ArrayList<>();
    private final List<Credential> credentials = new ArrayList<>();

    private final List<PluginConfig> plugins = new ArrayList<>();

    private ConfigFixture() {}

    public static ConfigFixture config() {
        return new ConfigFixture();
    }

    /** The id of whatever has this name. */
    public static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    public static Consumer consumer(String username) {
        return new Consumer(id(username), username, null, List.of(), List.of(), 0, 0);
    }

    public static Consumer consumer(String username, String customId) {
        return new Consumer(id(username), username, customId, List.of(), List.of(), 0, 0);
    }

    /** A service on http://{name}.internal:80. */
    public static Service service(String name) {
        return new Service(
                id(name),
                name,
                Protocol.HTTP,
                name + ".internal",
                80,
                null,
                5,
                60_000,
                60_000,
                60_000,
                null,
                null,
                null,
                List.of(),
                true,
                List.of(),
                0,
                0);
    }

    /** A route for every request to the service of that name. */
    public static Route route(String name, String service) {
        return new Route(
                id(name),
                name,
                id(service),
                Set.of(Protocol.HTTP, Protocol.HTTPS),
                List.of(),
                List.of(),
                List.of("/"),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                true,
                Route.PathHandling.V0,
                false,
                426,
                true,
                true,
                List.of(),
                0,
                0);
    }

    /** A global configuration of a plugin. */
    public static PluginConfig plugin(String name, Map<String, Object> settings) {
        return new PluginConfig(
                id(name),
                name,
                null,
                settings,
                true,
                Set.of(Protocol.HTTP, Protocol.HTTPS),
                null,
                null,
                null,
                null,
                List.of(),
                0,
                0);
    }

    public ConfigFixture with(Service service) {
        services.add(service);
        return this;
    }

    public ConfigFixture with(Route route) {
        routes.add(route);
        return this;
    }

    public ConfigFixture with(PluginConfig plugin) {
        plugins.add(plugin);
        return this;
    }

    public ConfigFixture with(Consumer... more) {
        consumers.addAll(List.of(more));
        return this;
    }

    public ConfigFixture with(Credential... more) {
        credentials.addAll(List.of(more));
        return this;
    }

    /** A key that never expires; its id is that of {@code key-auth <key>}. */
    public ConfigFixture keyAuth(Consumer owner, String key) {
        return with(new Credential.KeyAuth(id("key-auth " + key), owner.id(), key, null, List.of(), 0));
    }

    /** A user name and password, stored as Kong stores it; its id is that of {@code basic-auth <username>}. */
    public ConfigFixture basicAuth(Consumer owner, String username, String password) {
        var stored = sha1(password + owner.id());
        return with(new Credential.BasicAuth(id("basic-auth " + username), owner.id(), username, stored, List.of(), 0));
    }

    /** Membership in a group of acl plugins. */
    public ConfigFixture acl(Consumer owner, String group) {
        return with(new Credential.Acl(id(owner.username() + " in " + group), owner.id(), group, List.of(), 0));
    }

    public GatewayConfig build() {
        return new GatewayConfig(
                "1".repeat(32),
                List.copyOf(services),
                List.copyOf(routes),
                List.copyOf(consumers),
                List.of(),
                List.copyOf(credentials),
                List.copyOf(plugins),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static String sha1(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
