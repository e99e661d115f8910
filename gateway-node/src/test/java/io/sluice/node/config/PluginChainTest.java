package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PluginChainTest {

    private static final Consumer ALICE = consumer("alice", "gold", "silver");
    private static final Consumer BOB = consumer("bob");
    private static final String[][] SCOPES = {
        {"r", "s", "alice", null},
        {"r", null, "alice", null},
        {null, "s", "alice", null},
        {"r", "s", null, "gold"},
        {"r", null, null, "gold"},
        {null, "s", null, "gold"},
        {"r", "s", null, null},
        {null, null, "alice", null},
        {null, null, null, "gold"},
        {"r", null, null, null},
        {null, "s", null, null},
        {null, null, null, null},
    };

    @Test
    void ranksEveryScopeAsKongDoes() {
        for (int rank = 0; rank < SCOPES.length; rank++) {
            List<BoundPlugin> plugins = new ArrayList<>(IntStream.range(rank, SCOPES.length)
                    .mapToObj(i -> at(SCOPES[i]))
                    .toList());
            Collections.shuffle(plugins, new Random(rank));

            BoundPlugin selected = PluginChain.of(plugins).at(0, ALICE);

            assertThat(scope(selected)).as("rank %d", rank).isEqualTo(scope(at(SCOPES[rank])));
        }
    }

    @Test
    void withoutAConsumerOnlyUnscopedOnesCount() {
        List<BoundPlugin> plugins =
                IntStream.range(0, SCOPES.length).mapToObj(i -> at(SCOPES[i])).toList();

        PluginChain chain = PluginChain.of(plugins);

        assertThat(scope(chain.at(0, null))).isEqualTo(scope(at(SCOPES[6])));
        assertThat(scope(chain.at(0, BOB))).isEqualTo(scope(at(SCOPES[6])));
    }

    @Test
    void aPlaceMayHaveNothingForAConsumer() {
        PluginChain chain = PluginChain.of(List.of(at(SCOPES[7])));

        assertThat(chain.at(0, BOB)).isNull();
        assertThat(chain.at(0, null)).isNull();
        assertThat(chain.at(0, ALICE)).isNotNull();
    }

    @Test
    void theFirstOfAConsumersGroupsWinsATie() {
        BoundPlugin silver = at(null, null, null, "silver");
        BoundPlugin gold = at(null, null, null, "gold");

        assertThat(PluginChain.of(List.of(silver, gold)).at(0, ALICE)).isSameAs(gold);
        assertThat(PluginChain.of(List.of(gold, silver)).at(0, ALICE)).isSameAs(gold);
    }

    @Test
    void ordersPlacesByPriorityAndThenByName() {
        PluginChain chain = PluginChain.of(List.of(
                bound("low", 1, null, null, null, null),
                bound("b", 5, null, null, null, null),
                bound("a", 5, null, null, null, null),
                bound("high", 9, null, null, null, null)));

        assertThat(IntStream.range(0, chain.length())
                        .mapToObj(i -> chain.at(i, null).name()))
                .containsExactly("high", "a", "b", "low");
    }

    @Test
    void givesEachRouteWhatCanApplyToIt() {
        PluginChains chains = new PluginChains(
                IntStream.range(0, SCOPES.length).mapToObj(i -> at(SCOPES[i])).toList());

        PluginChain[] made = chains.of(List.of(route("r", "s"), route("x", "s"), route("r", "t"), route("x", null)));

        assertThat(scope(made[0].at(0, ALICE))).isEqualTo(scope(at(SCOPES[0])));
        assertThat(scope(made[1].at(0, ALICE))).isEqualTo(scope(at(SCOPES[2])));
        assertThat(scope(made[1].at(0, BOB))).isEqualTo(scope(at(SCOPES[10])));
        assertThat(scope(made[2].at(0, ALICE))).isEqualTo(scope(at(SCOPES[1])));
        assertThat(scope(made[2].at(0, BOB))).isEqualTo(scope(at(SCOPES[9])));
        assertThat(scope(made[3].at(0, ALICE))).isEqualTo(scope(at(SCOPES[7])));
        assertThat(scope(made[3].at(0, BOB))).isEqualTo(scope(at(SCOPES[11])));
        assertThat(made[3]).isSameAs(chains.global());
    }

    @Test
    void routesWithoutTheirOwnShareTheServicesChain() {
        PluginChains chains = new PluginChains(List.of(at(null, "s", null, null), at("r", null, null, null)));

        PluginChain[] made = chains.of(List.of(route("a", "s"), route("b", "s"), route("r", "s")));

        assertThat(made[0]).isSameAs(made[1]).isNotSameAs(made[2]);
    }

    private static BoundPlugin at(String... scope) {
        return bound("p", 0, scope[0], scope[1], scope[2], scope[3]);
    }

    private static List<Object> scope(BoundPlugin plugin) {
        PluginConfig config = plugin.config();
        List<Object> scope = new ArrayList<>();
        scope.add(config.route());
        scope.add(config.service());
        scope.add(config.consumer());
        scope.add(config.consumerGroup());
        return scope;
    }

    private static BoundPlugin bound(
            String name, int priority, String route, String service, String consumer, String group) {
        PluginConfig config = new PluginConfig(
                id(name + route + service + consumer + group),
                name,
                null,
                Map.of(),
                true,
                Set.of(Protocol.HTTP),
                id(route),
                id(service),
                id(consumer),
                id(group),
                List.of(),
                0,
                0);
        return new BoundPlugin(new Plugin() {}, new Kind(name, priority), config);
    }

    private record Kind(String name, int priority) implements PluginFactory {
        @Override
        public Schema settings() {
            return Schema.of();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new Plugin() {};
        }
    }

    private static UUID id(String name) {
        return name == null ? null : UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static Consumer consumer(String name, String... groups) {
        return new Consumer(
                id(name),
                name,
                null,
                List.of(groups).stream().map(PluginChainTest::id).toList(),
                List.of(),
                0,
                0);
    }

    private static Route route(String name, String service) {
        return new Route(
                id(name),
                name,
                id(service),
                Set.of(Protocol.HTTP, Protocol.HTTPS),
                List.of(),
                List.of(),
                List.of("/" + name),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                Route.PathHandling.V0,
                false,
                426,
                true,
                true,
                List.of(),
                0,
                0);
    }
}
