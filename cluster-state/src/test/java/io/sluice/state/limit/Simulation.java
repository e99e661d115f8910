package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.ToLongFunction;

/**
 * A cluster in one thread and in virtual time: the real pools and lanes, with the network, the clocks, the failure detector and
 * the slow lane played by this class. One seed is one history, so whatever it finds can be looked at again.
 *
 * <p>How it reads: {@link #at} plans what shall happen when, {@link #run} lets time pass, {@link #admitted} says what the
 * clients got. Times are milliseconds since the start unless they say microseconds.
 */
final class Simulation {

    /** A year that begins on a second, so that windows begin at whole ones. */
    static final long EPOCH = 1_800_000_000_000L;

    private static final UUID RULE = new UUID(0xC0FFEE, 1);
    private static final long MAILBOX_MICROS = 20;

    private final Random random;
    private final Network network;
    private final LimitRule rule;
    private Limits limits;
    private final VirtualTime time = new VirtualTime();
    private final Map<Long, Node> nodes = new LinkedHashMap<>();
    private final List<Node> byIndex = new ArrayList<>();
    private final Set<Long> members = new HashSet<>();
    private final Map<Integer, Integer> sides = new HashMap<>();
    private final FailureDetector detector = new FailureDetector();
    private final Admissions admitted = new Admissions();
    private long epoch = EPOCH;

    Simulation(long seed, Network network, WindowType type, Limits limits) {
        this(seed, network, type, Mode.STRICT, PeerPolicy.SHARE, limits);
    }

    Simulation(long seed, Network network, WindowType type, Mode mode, PeerPolicy peers, Limits limits) {
        this.random = new Random(seed);
        this.network = network;
        this.limits = limits;
        this.rule = new LimitRule(RULE, Reach.CLUSTER, type, mode, peers, LimitRule.DEFAULT_PARK);
    }

    /** One node: real limiters, a clock that may be wrong, and a mailbox that stops while the node is paused. */
    final class Node implements ClusterLimiters.Link {
        private final int index;
        private final long id;
        private final NodeClock clock;
        private final Contact contact = new Contact();
        private final Map<TransferRow, TransferRow> replicated = new HashMap<>();
        private final Set<TransferRow> dirty = new HashSet<>();
        private final ClusterLimiters limiters;
        private final RateLimiter limiter;
        private List<Runnable> whilePaused = new ArrayList<>();
        private boolean paused;
        private long confirmed;
        private boolean dead;
        private boolean leaving;
        private boolean ticking;

        Node(int index, NodeClock clock, Roster roster, Estates estates) {
            this.index = index;
            this.id = roster.self();
            this.clock = clock;
            contact.confirmed(millis());
            limiters = new ClusterLimiters(
                    new KeyBudget(1_000_000), this::millis, contact, List.of(this), roster, estates);
            limiter = limiters.open(rule, limits);
        }

        long millis() {
            return clock.shows(epoch, time.now());
        }

        private ClusterLimiters.Lane lane() {
            return limiters.lanes().get(0);
        }

        /** Runs on this node, later if it is paused, never if it is dead. */
        private void onNode(Runnable action) {
            if (dead) {
                return;
            }
            if (paused) {
                whilePaused.add(action);
                return;
            }
            action.run();
            if (!ticking && lane().busy()) {
                ticking = true;
                after(1000, () -> onNode(this::tick));
            }
        }

        private void tick() {
            ticking = false;
            lane().goOn();
            lane().tick();
        }

        @Override
        public void run(Runnable task) {
            after(MAILBOX_MICROS, () -> onNode(task));
        }

        @Override
        public void send(long member, PoolMessage message) {
            int copies = random.nextDouble() < network.duplicates() ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                if (random.nextDouble() >= network.loss()) {
                    after(network.latency(random), () -> arrive(member, message));
                }
            }
        }

        private void arrive(long member, PoolMessage message) {
            Node to = nodes.get(member);
            if (to != null && reaches(this, to)) {
                to.onNode(() -> to.lane().heard(id));
                to.onNode(() -> to.lane().receive(message));
            }
        }

        @Override
        public void changed(TransferRow row) {
            dirty.add(key(row));
            replicated.merge(key(row), row, TransferRow::merge);
        }

        private TransferRow key(TransferRow row) {
            return TransferRow.none(
                    row.rule(), row.hash(), row.slot(), row.generation(), row.era(), row.donor(), row.recipient());
        }

        private void gossip() {
            if (dead) {
                return;
            }
            List<TransferRow> rows = dirty.stream().map(replicated::get).toList();
            dirty.clear();
            for (Node to : byIndex) {
                if (to != this && members.contains(to.id)) {
                    after(network.latency(random), () -> replicate(rows, to));
                }
            }
        }

        private void keepEras() {
            onNode(() -> {
                limiters.keepEras(rosterOf(id)).ifPresent(news -> {
                    for (Node to : byIndex) {
                        after(network.latency(random), () -> {
                            if (reaches(this, to)) {
                                to.onNode(() -> to.limiters.learn(news));
                            }
                        });
                    }
                });
            });
        }

        private void gossipTo(Node to) {
            if (!dead && to != this && reaches(this, to)) {
                Estates known = limiters.estates();
                to.onNode(() -> to.limiters.learn(known));
            }
        }

        /** Brings all that it gave to others; tells if every one of them has it. */
        private void flush(List<Long> others, Runnable known) {
            List<TransferRow> rows = replicated.values().stream()
                    .filter(row -> row.donor() == id)
                    .toList();
            Set<Long> missing = new HashSet<>(others);
            for (long other : others) {
                Node to = nodes.get(other);
                after(network.latency(random), () -> {
                    if (reaches(this, to)) {
                        to.onNode(() -> {
                            to.take(rows);
                            after(
                                    network.latency(random),
                                    () -> onNode(() -> {
                                        if (missing.remove(other) && missing.isEmpty()) {
                                            known.run();
                                        }
                                    }));
                        });
                    }
                });
            }
        }

        /** What those who are gone gave and declared of long windows may be known here only. */
        private void tellOfGone() {
            List<TransferRow> rows = replicated.values().stream()
                    .filter(row -> row.isLong() && !members.contains(row.donor()))
                    .toList();
            byIndex.forEach(to -> after(network.latency(random), () -> replicate(rows, to)));
        }

        private void take(List<TransferRow> rows) {
            rows.forEach(row -> replicated.merge(key(row), row, TransferRow::merge));
            lane().merge(rows);
        }

        private void gossipAll() {
            Node to = byIndex.get(random.nextInt(byIndex.size()));
            after(network.latency(random), () -> replicate(List.copyOf(replicated.values()), to));
        }

        private void replicate(List<TransferRow> rows, Node to) {
            if (to != this && reaches(this, to)) {
                Estates known = limiters.estates();
                to.onNode(() -> to.take(rows));
                after(network.latency(random), () -> to.onNode(() -> to.limiters.learn(known)));
            }
        }

        /** Every half second a node asks the others whether it still belongs. */
        private void ping() {
            long asked = millis();
            long heard = byIndex.stream()
                    .filter(node -> members.contains(node.id) && !node.paused && reaches(this, node))
                    .count();
            if (members.contains(id) && !paused && !dead && heard * 2 > members.size()) {
                if (asked - confirmed > Contact.FENCE_MILLIS) {
                    byIndex.forEach(other -> other.gossipTo(this));
                }
                confirmed = asked;
                contact.confirmed(asked);
            }
        }
    }

    // What happens

    /** Begins so long before the end of a generation of ten minutes instead of at {@link #EPOCH}. */
    void startBeforeGenerationEnd(long millis) {
        epoch = Generation.end(rule.windowType(), Period.SECOND, EPOCH) - millis;
    }

    /** Starts nodes that know each other from the first moment on. */
    void start(int count, NodeClock... clocks) {
        long[] ids = new long[count];
        Arrays.setAll(ids, i -> random.nextLong());
        // As if the cluster had been there for ever.
        Estates settled = Estates.of(List.of(new Era(0, Long.MIN_VALUE, ids)), List.of());
        for (int i = 0; i < count; i++) {
            Roster roster = new Roster(ids[i], ids, Set.of());
            Node node = new Node(i, i < clocks.length ? clocks[i] : NodeClock.RIGHT, roster, settled);
            nodes.put(node.id, node);
            byIndex.add(node);
            members.add(node.id);
        }
        time.every(500_000, () -> byIndex.forEach(Node::ping));
        time.every(1_000_000, () -> byIndex.forEach(Node::gossip));
        time.every(1_000_000, () -> lanes(ClusterLimiters.Lane::report));
        time.every(1_000_000, () -> lanes(ClusterLimiters.Lane::settle));
        time.every(1_000_000, () -> byIndex.forEach(Node::keepEras));
        time.every(1_000_000, () -> byIndex.forEach(this::detect));
        time.every(5_000_000, () -> byIndex.forEach(Node::gossipAll));
        time.every(1_000_000, () -> byIndex.forEach(node -> node.onNode(() -> node.limiters.sweep(1000))));
        time.every(10_000_000, () -> lanes(ClusterLimiters.Lane::clean));
    }

    /** A new node comes: all see it joining, it reads what they know, then it is up. Its index. */
    int join() {
        long id = random.nextLong();
        Node node = new Node(byIndex.size(), NodeClock.RIGHT, rosterOf(id), Estates.NONE);
        members.add(id);
        rosterChanged();
        byIndex.add(node);
        nodes.put(id, node);
        for (Node other : byIndex) {
            if (!other.dead && reaches(other, node)) {
                node.take(List.copyOf(other.replicated.values()));
                node.limiters.learn(other.limiters.estates());
            }
        }
        after(1_000_000, () -> learn(node));
        return node.index;
    }

    /** Hands its tokens over, leaves the rest to an heir if all others know of it, and is removed three seconds later. */
    void leave(int index) {
        Node node = byIndex.get(index);
        node.leaving = true;
        long heir = members.stream()
                .filter(other -> other != node.id && !nodes.get(other).leaving)
                .min(Long::compare)
                .orElseThrow();
        List<Long> others = members.stream().filter(other -> other != node.id).toList();
        node.onNode(() -> {
            node.lane()
                    .handOver(
                            heir,
                            () -> node.flush(others, () -> {
                                node.limiters.bequeath(node.id, heir);
                                others.forEach(
                                        other -> after(network.latency(random), () -> node.gossipTo(nodes.get(other))));
                            }));
        });
        after(1_700_000, () -> node.dead = true);
        after(3_000_000, () -> remove(node));
    }

    /** Ends at once; the others remove it after ten seconds. */
    void crash(int index) {
        Node node = byIndex.get(index);
        node.dead = true;
        after(10_000_000, () -> remove(node));
    }

    void pause(int index, long millis) {
        Node node = byIndex.get(index);
        node.paused = true;
        after(millis * 1000, () -> {
            node.paused = false;
            List<Runnable> waiting = node.whilePaused;
            node.whilePaused = new ArrayList<>();
            waiting.forEach(node::onNode);
        });
    }

    /** What a client at a node would be told now. */
    long usedAsSeenBy(int index, String key, int position) {
        Outcome outcome = new Outcome(limits.size());
        byIndex.get(index).limiter.peek(key, limits, outcome);
        return outcome.used(position);
    }

    /** The limits are other ones, which nodes learn with their next requests. */
    void limits(Limits changed) {
        limits = changed;
    }

    /** Cuts the nodes into sides that do not reach each other. */
    void partition(int... side) {
        for (int i = 0; i < side.length; i++) {
            sides.put(i, side[i]);
        }
    }

    void heal() {
        sides.clear();
    }

    /** A client's request at a node. Where another one decides, the moment is known to the time its answer takes. */
    void request(int index, String key) {
        admitted.offered(time.now());
        Node node = byIndex.get(index);
        node.onNode(() -> {
            Outcome outcome = new Outcome(limits.size());
            node.limiter.acquire(key, limits, 1, outcome);
            long asked = time.now();
            outcome.pending().orElse(CompletableFuture.completedFuture(outcome)).thenAccept(answer -> {
                long decided = node.clock.when(epoch, answer.time());
                admitted.add(answer, Math.max(epoch + asked / 1000, Math.min(decided, epoch + time.now() / 1000)));
            });
        });
    }

    /** Whatever else a client may want of a node. */
    void use(int index, Consumer<RateLimiter> use) {
        Node node = byIndex.get(index);
        node.onNode(() -> use.accept(node.limiter));
    }

    private void remove(Node node) {
        node.dead = true;
        members.remove(node.id);
        rosterChanged();
    }

    /** Every node learns of it, each a little later than another. */
    private void rosterChanged() {
        for (Node node : byIndex) {
            after(1000 + random.nextInt(1_000_000), () -> node.onNode(() -> learn(node)));
        }
    }

    private void learn(Node node) {
        node.tellOfGone();
        node.lane().roster(rosterOf(node.id));
    }

    private Roster rosterOf(long self) {
        return new Roster(self, members.stream().mapToLong(Long::longValue).toArray(), detector.unreachable(self));
    }

    private void detect(Node node) {
        Set<Long> silent = new HashSet<>(members);
        silent.removeIf(id -> id == node.id || !nodes.get(id).paused && reaches(nodes.get(id), node));
        if (detector.second(node.id, silent)) {
            node.onNode(() -> learn(node));
        }
    }

    private boolean reaches(Node from, Node to) {
        return !from.dead && !to.dead && sides.getOrDefault(from.index, 0).equals(sides.getOrDefault(to.index, 0));
    }

    private void lanes(Consumer<ClusterLimiters.Lane> work) {
        byIndex.forEach(node -> node.onNode(() -> work.accept(node.lane())));
    }

    void at(long millis, Runnable action) {
        time.at(millis * 1000, action);
    }

    /** Plans what shall happen so many milliseconds from now. */
    void later(long millis, Runnable action) {
        after(millis * 1000, action);
    }

    private void after(long micros, Runnable action) {
        time.at(time.now() + micros, action);
    }

    /** Requests at random moments, so many per second, each at a node and for a key of choice. */
    void load(long fromMillis, long toMillis, double perSecond, IntSupplier node, String key) {
        double micros = fromMillis * 1000.0;
        while (true) {
            micros += Network.exponential(random, 1e6 / perSecond);
            if (micros >= toMillis * 1000.0) {
                return;
            }
            time.at((long) micros, () -> request(node.getAsInt(), key));
        }
    }

    /** Lets time pass up to a moment. */
    void run(long untilMillis) {
        time.run(untilMillis * 1000);
    }

    long present() {
        return byIndex.stream().filter(node -> !node.dead && !node.leaving).count();
    }

    /** A node that takes requests now. */
    int someNode() {
        while (true) {
            Node node = byIndex.get(random.nextInt(byIndex.size()));
            if (!node.dead && !node.leaving) {
                return node.index;
            }
        }
    }

    int random(int bound) {
        return random.nextInt(bound);
    }

    // What came of it
    Admissions admitted() {
        return admitted;
    }

    /** What all nodes have counted together. */
    long counted(ToLongFunction<LaneCounters> what) {
        return byIndex.stream()
                .mapToLong(node -> what.applyAsLong(node.limiters.counters()))
                .sum();
    }

    /** Keys in use and keys with rows, of all nodes together. */
    long remembered() {
        return byIndex.stream().mapToLong(node -> node.limiters.remembered()).sum();
    }

    /** How many tokens of a key all that may spend them believe to own now, for the limit at a position. */
    long owned(String key, int position) {
        return byIndex.stream()
                .filter(node -> !node.dead && node.contact.allows(PeerPolicy.SHARE, node.millis()))
                .mapToLong(node -> node.limiters
                        .view(RULE, key)
                        .orElseThrow()
                        .positions()
                        .get(position)
                        .owned())
                .sum();
    }
}
