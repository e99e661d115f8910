package io.sluice.state.limit.crdt;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.sluice.state.limit.Era;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.KeyView;
import io.sluice.state.limit.LaneCounters;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Mode;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.Period;
import io.sluice.state.limit.PoolMessage;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.Reach;
import io.sluice.state.limit.WindowType;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.ClusterNodeSettings;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import io.sluice.state.membership.Peers;
import io.sluice.state.wire.WireCodec;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** Nodes with limits on 127.0.0.1, .2, .3, over real Artery. Their common clock can be put forward. */
final class LimitsCluster implements AutoCloseable {

    static final Limits TWENTY = Limits.of(Map.of(Period.MINUTE, 20L));

    static final Limits TWENTY_AN_HOUR = Limits.of(Map.of(Period.HOUR, 20L));

    /** Long, so that a slow machine makes answers late and not wrong. */
    private static final LimitRule RULE = new LimitRule(
            new UUID(4, 2), Reach.CLUSTER, WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE, Duration.ofSeconds(2));

    private static final LimitRule HOURLY = new LimitRule(
            new UUID(4, 3), Reach.CLUSTER, WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE, Duration.ofSeconds(2));

    final List<Node> nodes = new ArrayList<>();
    private final List<ClusterNode> strangers = new ArrayList<>();
    private final AtomicLong ahead = new AtomicLong();
    private final int port;
    private final String more;

    LimitsCluster(int size) throws Exception {
        this(size, "");
    }

    /**
     * Nodes that are up and share all keys.
     *
     * @param more HOCON for all of them
     */
    LimitsCluster(int size, String more) throws Exception {
        this.more = "found-after = 1s\n" + more;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        for (int k = 1; k <= size; k++) {
            nodes.add(new Node(k));
        }
        awaitMembers(size);
        for (Node node : nodes) {
            node.limits.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        putForward();
    }

    /** One more node, ready. */
    Node join() throws Exception {
        Node joined = new Node(nodes.size() + 1);
        nodes.add(joined);
        joined.limits.ready().toCompletableFuture().get(30, TimeUnit.SECONDS);
        return joined;
    }

    final class Node {
        final ClusterLimits limits = ClusterLimits.clustered(new KeyBudget(10_000), Optional.empty());
        final RateLimiter limiter = limits.open(RULE, TWENTY);
        final RateLimiter hourly = limits.open(HOURLY, TWENTY_AN_HOUR);
        final ClusterNode node;
        volatile Predicate<PoolMessage> loses = message -> false;
        volatile @Nullable ActorSystem<?> system;
        final boolean readyTooSoon;

        Node(int k) throws Exception {
            String first = "127.0.0.1:" + port;
            Consumer<ActorSystem<?>> keep = started -> system = started;
            node = ClusterNode.start(
                    new ClusterNodeSettings(
                            "127.0.0." + k,
                            port,
                            Optional.empty(),
                            new Peers.Seeds(List.of(first, "127.0.0.2:" + port)),
                            true,
                            Optional.empty(),
                            ConfigFactory.parseString(more)),
                    limits.codecs().stream().<WireCodec<?>>map(this::losing).toList(),
                    List.of(keep, limits::spawn));
            readyTooSoon = limits.ready().toCompletableFuture().isDone();
            limits.follow(new Shifted(node));
            node.beforeLeave(limits::handOver);
        }

        private WireCodec<?> losing(WireCodec<?> codec) {
            if (codec.type() != Batch.class) {
                return codec;
            }
            @SuppressWarnings("unchecked")
            WireCodec<Batch> whole = (WireCodec<Batch>) codec;
            return WireCodec.message(
                    Batch.class,
                    whole.code(),
                    whole.version(),
                    (batch, out) -> whole.writer()
                            .write(
                                    new Batch(
                                            0,
                                            batch.messages().stream()
                                                    .filter(loses.negate())
                                                    .toList()),
                                    out),
                    whole.reader());
        }

        CompletableFuture<Outcome> ask(String key) {
            return ask(limiter, TWENTY, key);
        }

        CompletableFuture<Outcome> askHourly(String key) {
            return ask(hourly, TWENTY_AN_HOUR, key);
        }

        private static CompletableFuture<Outcome> ask(RateLimiter limiter, Limits limits, String key) {
            Outcome outcome = new Outcome(1);
            limiter.acquire(key, limits, 1, outcome);
            return outcome.pending()
                    .map(pending -> pending.toCompletableFuture())
                    .orElseGet(() -> CompletableFuture.completedFuture(outcome));
        }

        boolean admits(String key) {
            return ask(key).join().admitted();
        }

        int admitted(String key, int requests) {
            int count = 0;
            for (int i = 0; i < requests; i++) {
                count += admits(key) ? 1 : 0;
            }
            return count;
        }

        long owned(String key) {
            return limits.view(RULE.id(), key).orElseThrow().positions().get(0).owned();
        }

        long id() {
            return node.members().self().id();
        }

        private String show(String key) {
            LaneCounters lanes = limits.counts().lanes();
            return "%s members=%s inContact=%s time=%s eras=%s minute=%s hour=%s rows=%d admitted=%d denied=%d parked=%d sent=%d given=%d received=%d"
                    .formatted(
                            Long.toHexString(id()),
                            node.members().all().stream()
                                    .map(one -> Long.toHexString(one.id())
                                            + (one.reachable() ? " " : " unreachable ")
                                            + one.status())
                                    .toList(),
                            node.members().inContact(),
                            Instant.ofEpochMilli(node.agreedMillis() + ahead.get()),
                            limits.estates().eras().stream().map(Node::show).toList(),
                            positions(RULE, key),
                            positions(HOURLY, key),
                            limits.counts().ledgerRows(),
                            lanes.admitted(),
                            lanes.denied(),
                            lanes.parked(),
                            lanes.sent(),
                            lanes.given(),
                            lanes.received());
        }

        private static String show(Era era) {
            String start = era.start() == Long.MIN_VALUE
                    ? "ever"
                    : Instant.ofEpochMilli(era.start()).toString();
            return era.number() + " since " + start + " of "
                    + Arrays.stream(era.members()).mapToObj(Long::toHexString).toList();
        }

        /** Home, and of each period what is owned and locked. */
        private String positions(LimitRule rule, String key) {
            KeyView view = limits.view(rule.id(), key).orElseThrow();
            return view.positions().stream()
                    .map(one -> "home %x owned %d locked %d debt %d elsewhere %d"
                            .formatted(view.home(), one.owned(), one.locked(), one.debt(), one.elsewhere()))
                    .toList()
                    .toString();
        }
    }

    /** The clocks of all nodes, put forward by the same. */
    private final class Shifted implements Membership {
        private final Membership real;

        Shifted(Membership real) {
            this.real = real;
        }

        @Override
        public Members members() {
            return real.members();
        }

        @Override
        public Runnable subscribe(Consumer<Members> listener) {
            return real.subscribe(listener);
        }

        @Override
        public long contactUntil() {
            return real.contactUntil();
        }

        @Override
        public Runnable onContact(ContactListener listener) {
            return real.onContact(listener);
        }

        @Override
        public long agreedMillis() {
            return real.agreedMillis() + ahead.get();
        }
    }

    /** Says something to a node from an actor system that is in no cluster. */
    void tellAsStranger(Node node, Batch batch) throws Exception {
        List<ActorSystem<?>> systems = new ArrayList<>();
        ClusterNode stranger = ClusterNode.start(
                new ClusterNodeSettings(
                        "127.0.0.9",
                        port,
                        Optional.empty(),
                        new Peers.Seeds(List.of("127.0.0.8:" + port)),
                        true,
                        Optional.empty(),
                        ConfigFactory.empty()),
                LimitSamples.codecs(),
                List.of(systems::add));
        strangers.add(stranger);
        ClusterNode.<Batch>peer(systems.get(0), node.node.members().self().address(), "sluice-limits")
                .tell(batch);
    }

    /** All that nodes know of a key and of each other, a line each: for whoever reads that a test has failed. */
    String show(String key) {
        return nodes.stream().map(node -> node.show(key)).collect(Collectors.joining("\n  ", key + "\n  ", "\n"));
    }

    /** All see so many members, all up. */
    void awaitMembers(int count) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> nodes.stream()
                        .allMatch(one -> one.node.members().all().size() == count
                                && one.node.members().inContact()
                                && one.node.members().all().stream().allMatch(member -> member.status() == Status.UP)));
    }

    /** To the begin of a minute in which exactly the members share all keys. */
    void putForward() {
        // Members must have been the same for a while: time passes until it is long enough.
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1_500))
                .until(this::isSharedOut);
        jump();
        for (Node one : nodes) {
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> one.admits("probe of " + one.id()));
        }
    }

    private boolean isSharedOut() {
        boolean all = nodes.stream().allMatch(this::sharesWithAll);
        if (!all) {
            jump();
        }
        return all;
    }

    private boolean sharesWithAll(Node one) {
        List<Era> eras = one.limits.estates().eras();
        long[] members = nodes.stream().mapToLong(Node::id).sorted().toArray();
        return !eras.isEmpty() && Arrays.equals(eras.get(eras.size() - 1).members(), members);
    }

    void jump() {
        long now = nodes.get(0).node.agreedMillis() + ahead.get();
        long minute = Duration.ofMinutes(1).toMillis();
        ahead.addAndGet((now / minute + 3) * minute - now);
    }

    /** The clocks of all nodes, by this much. */
    void putForward(Duration time) {
        ahead.addAndGet(time.toMillis());
    }

    @Override
    public void close() {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (Node one : nodes) {
            ends.add(one.node.stop().toCompletableFuture());
        }
        strangers.forEach(one -> ends.add(one.stop().toCompletableFuture()));
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .orTimeout(40, TimeUnit.SECONDS)
                .join();
        nodes.forEach(one -> one.limits.close());
    }
}
