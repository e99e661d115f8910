package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.dns.Agenda;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.dns.Names;
import io.sluice.node.dns.ResolverTimes;
import io.sluice.node.guard.Guards;
import io.sluice.node.plugin.CapturedLog;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.proxy.Configs;
import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.RouterFlavor;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevisionTest {

    @Test
    void warnsOfARouteThatCannotBeServedAndServesTheOthers() throws Exception {
        GatewayConfig config = Configs.of(
                List.of(Configs.service("s", 80)),
                List.of(Configs.route("lost", "gone", "/lost"), Configs.route("good", "s", "/good")),
                List.of());

        try (CapturedLog log = CapturedLog.of(Revision.class)) {
            Revision revision = compile(config);

            assertThat(revision.table().routes()).extracting("name").containsExactly("good");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN a route cannot be served about=")
                    .contains("route 'lost'", "service", Configs.id("gone") + " (expected: the id of a service)");
        }
    }

    @Test
    void saysNothingOfRoutesThatCanBeServed() throws Exception {
        try (CapturedLog log = CapturedLog.of(Revision.class)) {
            compile(Configs.to(80));

            assertThat(log.lines()).isEmpty();
        }
    }

    private static Revision compile(GatewayConfig config) throws Exception {
        try (PluginContextFixture context = PluginContextFixture.empty();
                PluginResources resources = new PluginResources()) {
            return new Revision.Compiler(
                            PluginRegistry.of(List.of()),
                            RouterFlavor.TRADITIONAL_COMPATIBLE,
                            new HostResolver(new Names(), Agenda.thread(), ResolverTimes.DEFAULT),
                            Guards.alone(),
                            UpstreamHealth.none(),
                            resources,
                            context.background(),
                            InstantSource.system(),
                            context.limiters(),
                            context.metrics())
                    .compile(config);
        }
    }
}
