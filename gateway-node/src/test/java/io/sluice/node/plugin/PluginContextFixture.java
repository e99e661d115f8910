package io.sluice.node.plugin;

import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.Limiters;
import io.sluice.state.limit.LocalLimiters;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.schema.Settings;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A node for plugins under test: one revision, a clock that stands at {@link #START}, indexes and resources kept until
 * {@link #close()}. The background executor is one daemon thread, started when it is asked for.
 */
public final class PluginContextFixture implements PluginContext, AutoCloseable {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final GatewayConfig config;
    private final ClockFixture clock = new ClockFixture(START);
    private Limiters limiters = new LocalLimiters(new KeyBudget(10_000), clock::millis);
    private final Map<Class<?>, Object> derived = new LinkedHashMap<>();
    private final Map<Object, AutoCloseable> resources = new LinkedHashMap<>();
    private final List<TrafficMetrics.Detail> counted = new CopyOnWriteArrayList<>();
    private final Map<UUID, LimitTally> tallies = new ConcurrentHashMap<>();
    private PluginConfig plugin = ConfigFixture.plugin("none", Map.of());
    private ScheduledExecutorService background;
    private volatile boolean upstreamHealth;

    private PluginContextFixture(GatewayConfig config) {
        this.config = config;
    }

    public static PluginContextFixture empty() {
        return new PluginContextFixture(GatewayConfig.EMPTY);
    }

    public static PluginContextFixture of(GatewayConfig config) {
        return new PluginContextFixture(config);
    }

    public static PluginContextFixture of(ConfigFixture config) {
        return new PluginContextFixture(config.build());
    }

    /** Takes limiters from somewhere else than this node. */
    public PluginContextFixture limiters(Function<Limiters, Limiters> wrap) {
        limiters = wrap.apply(limiters);
        return this;
    }

    /** The plugin of a global configuration that its own schema accepts; anything else fails the test. */
    public Plugin create(PluginFactory factory, Map<String, ?> settings) {
        var values = checked(factory, settings);
        plugin = ConfigFixture.plugin(factory.name(), values);
        return factory.create(new Settings(values), this);
    }

    /** The plugin of a configuration with a scope; its settings must be complete. */
    public Plugin create(PluginFactory factory, PluginConfig scoped) {
        plugin = scoped;
        return factory.create(new Settings(scoped.config()), this);
    }

    /** The settings with every default filled in. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> checked(PluginFactory factory, Map<String, ?> settings) {
        var checked = factory.settings().check(settings);
        if (!checked.ok()) {
            throw new AssertionError(factory.name() + " refuses " + settings + ": " + checked.error());
        }
        return (Map<String, Object>) checked.value();
    }

    @Override
    public GatewayConfig config() {
        return config;
    }

    @Override
    public PluginConfig plugin() {
        return plugin;
    }

    @Override
    public synchronized <T> T derived(Class<T> type, Function<GatewayConfig, T> build) {
        return type.cast(derived.computeIfAbsent(type, missing -> build.apply(config)));
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <T extends AutoCloseable> T resource(Object key, Supplier<T> open) {
        return (T) resources.computeIfAbsent(key, missing -> open.get());
    }

    @Override
    public synchronized ScheduledExecutorService background() {
        if (background == null) {
            background = Executors.newSingleThreadScheduledExecutor(work -> {
                var thread = new Thread(work, "background");
                thread.setDaemon(true);
                return thread;
            });
        }
        return background;
    }

    @Override
    public ClockFixture clock() {
        return clock;
    }

    @Override
    public Limiters limiters() {
        return limiters;
    }

    @Override
    public TrafficMetrics metrics() {
        return new TrafficMetrics() {
            @Override
            public void count(Exchange exchange, Detail detail) {
                counted.add(detail);
            }

            @Override
            public void exportUpstreamHealth(boolean on) {
                upstreamHealth |= on;
            }

            @Override
            public LimitTally limits(PluginConfig one) {
                return tallies.computeIfAbsent(one.id(), id -> new LimitTally());
            }
        };
    }

    /** With which detail exchanges were counted, in order. */
    public List<TrafficMetrics.Detail> counted() {
        return List.copyOf(counted);
    }

    /** What the configuration that was created last decided. */
    public LimitTally tally() {
        return metrics().limits(plugin);
    }

    /** Whether a plugin asked for the health of upstream targets. */
    public boolean upstreamHealth() {
        return upstreamHealth;
    }

    /** Ends the revision: closes every resource and stops the background thread. */
    @Override
    public synchronized void close() throws Exception {
        for (AutoCloseable resource : resources.values()) {
            resource.close();
        }
        resources.clear();
        if (background != null) {
            background.shutdownNow();
        }
    }
}
