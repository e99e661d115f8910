package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

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

    /** What a network does to a message. */
    record Network(double loss, double duplicates, double slow, long baseMicros) {
        static final Network GOOD = new Network(0, 0, 0.01, 300);
        static final Network BAD = new Network(0.05, 0.05, 0.05, 300);
    }

    /** A request that was let through, by the true time of the decision and by that of the node that made it. */
    record Admission(long micros, long nodeMillis, int node) {}

    /** Something that happens at a time. */
    private record Event(long micros, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(micros, other.micros);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final Random random;
    private final Network network;
    private final LimitRule rule;
    private final Limits limits;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Long, Node> nodes = new LinkedHashMap<>();
    private final List<Node> byIndex = new ArrayList<>();
    private final Set<Long> members = new HashSet<>();
    private final Map<Integer, Integer> sides = new HashMap<>();
    private final List<Admission> admitted = new ArrayList<>();
    private final Map<String, Integer> refused = new HashMap<>();
    private final Map<Long, Long> offeredBySecond = new HashMap<>();
    private long now;
    private long order;
    private long messages;
    private long offered;
    private long parked;

    Simulation(long seed, Network network, WindowType type, Limits limits) {
        this.random = new Random(seed);
        this.network = network;
        this.limits = limits;
        this.rule = new LimitRule(RULE, Reach.CLUSTER, type, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK);
    }

    /** One node: real limiters, a clock that may be wrong, and a mailbox that stops while the node is paused. */
    final class Node implements ClusterLimiters.Link {
        private final int index;
        private final long id;
        private final long clockOffsetMillis;
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

        Node(int index, long clockOffsetMillis, Roster roster, Estates estates) {
            this.index = index;
            this.id = roster.self();
            this.clockOffsetMillis = clockOffsetMillis;
            contact.confirmed(millis());
            limiters = new ClusterLimiters(
                    new KeyBudget(1_000_000), this::millis, contact, List.of(this), roster, estates);
            limiter = limiters.open(rule, limits);
        }

        long millis() {
            return EPOCH + now / 1000 + clockOffsetMillis;
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
            lane().tick();
        }

        @Override
        public void run(Runnable task) {
            after(MAILBOX_MICROS, () -> onNode(task));
        }

        @Override
        public void send(long member, PoolMessage message) {
            messages++;
            int copies = random.nextDouble() < network.duplicates() ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                if (random.nextDouble() >= network.loss()) {
                    after(latency(), () -> arrive(member, message));
                }
            }
        }

        private void arrive(long member, PoolMessage message) {
            Node to = nodes.get(member);
            if (to != null && reaches(this, to)) {
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
                    after(latency(), () -> replicate(rows, to));
                }
            }
        }

        private void keepEras() {
            onNode(() -> {
                long[] known = members.stream().mapToLong(Long::longValue).toArray();
                limiters.keepEras(new Roster(id, known, Set.of())).ifPresent(news -> {
                    for (Node to : byIndex) {
                        after(latency(), () -> {
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
                to.limiters.learn(limiters.estates());
            }
        }

        private void gossipAll() {
            Node to = byIndex.get(random.nextInt(byIndex.size()));
            if (!dead && to != this) {
                after(latency(), () -> replicate(List.copyOf(replicated.values()), to));
            }
        }

        private void replicate(List<TransferRow> rows, Node to) {
            if (reaches(this, to)) {
                Estates known = limiters.estates();
                to.onNode(() -> {
                    to.limiters.learn(known);
                    rows.forEach(row -> to.replicated.merge(key(row), row, TransferRow::merge));
                    to.lane().merge(rows);
                });
            }
        }

        /** Every half second a node asks the others whether it still belongs. */
        private void ping() {
            long asked = millis();
            long voters = members.size();
            long heard = byIndex.stream()
                    .filter(node -> members.contains(node.id) && !node.paused && reaches(this, node))
                    .count();
            if (members.contains(id) && !paused && !dead && heard * 2 > voters) {
                if (asked - confirmed > Contact.FENCE_MILLIS) {
                    byIndex.forEach(other -> other.gossipTo(this));
                }
                confirmed = asked;
                contact.confirmed(asked);
            }
        }
    }

    // What happens

    /** Starts nodes that know each other from the first moment on. */
    void start(int count, long... offsets) {
        long[] ids = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = random.nextLong();
        }
        // As if the cluster had been there for ever.
        Estates settled = Estates.of(List.of(new Era(0, Long.MIN_VALUE, ids)), List.of());
        for (int i = 0; i < count; i++) {
            Roster roster = new Roster(ids[i], ids, Set.of());
            Node node = new Node(i, i < offsets.length ? offsets[i] : 0, roster, settled);
            nodes.put(node.id, node);
            byIndex.add(node);
            members.add(node.id);
        }
        every(500_000, () -> byIndex.forEach(Node::ping));
        every(1_000_000, () -> byIndex.forEach(Node::gossip));
        every(
                1_000_000,
                () -> byIndex.forEach(node -> node.onNode(() -> node.lane().report())));
        every(1_000_000, () -> byIndex.forEach(Node::keepEras));
        every(5_000_000, () -> byIndex.forEach(Node::gossipAll));
    }

    /** A new node comes: all see it joining, then it is up. Its index. */
    int join() {
        long id = random.nextLong();
        long[] known = members.stream().mapToLong(Long::longValue).toArray();
        members.add(id);
        rosterChanged();
        Node node = new Node(byIndex.size(), 0, new Roster(id, known, Set.of()), Estates.NONE);
        byIndex.add(node);
        nodes.put(id, node);
        Node donor = byIndex.get(someNode());
        node.replicated.putAll(donor.replicated);
        node.lane().merge(List.copyOf(donor.replicated.values()));
        node.limiters.learn(donor.limiters.estates());
        after(1_000_000, () -> learn(node));
        return node.index;
    }

    /** Hands its tokens over, and is removed two seconds later. */
    void leave(int index) {
        Node node = byIndex.get(index);
        node.leaving = true;
        long heir = members.stream()
                .filter(other -> other != node.id && !nodes.get(other).leaving)
                .sorted()
                .toList()
                .get(0);
        node.onNode(() -> {
            node.lane().handOver(heir);
            node.limiters.bequeath(node.id, heir);
            node.gossip();
        });
        after(500_000, () -> node.dead = true);
        after(2_000_000, () -> remove(node));
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

    /** Cuts the nodes into sides that do not reach each other. */
    void partition(int... side) {
        for (int i = 0; i < side.length; i++) {
            sides.put(i, side[i]);
        }
    }

    void heal() {
        sides.clear();
    }

    /** A client's request at a node. */
    void request(int index, String key) {
        offered++;
        offeredBySecond.merge(now / 1_000_000, 1L, Long::sum);
        Node node = byIndex.get(index);
        node.onNode(() -> {
            Outcome outcome = new Outcome(limits.size());
            node.limiter.acquire(key, limits, 1, outcome);
            if (outcome.pending().isPresent()) {
                parked++;
                outcome.pending().get().thenAccept(decided -> decided(node, decided));
            } else {
                decided(node, outcome);
            }
        });
    }

    private void decided(Node node, Outcome outcome) {
        if (outcome.admitted()) {
            admitted.add(new Admission(now, outcome.time(), node.index));
        } else {
            refused.merge("node " + node.index, 1, Integer::sum);
        }
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
        long[] known = members.stream().mapToLong(Long::longValue).toArray();
        node.lane().roster(new Roster(node.id, known, Set.of()));
    }

    private boolean reaches(Node from, Node to) {
        return !from.dead && !to.dead && sides.getOrDefault(from.index, 0).equals(sides.getOrDefault(to.index, 0));
    }

    private long latency() {
        double micros = network.baseMicros() + exponential(200);
        if (random.nextDouble() < network.slow()) {
            micros += exponential(4000);
        }
        return (long) micros;
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    // Time

    void at(long millis, Runnable action) {
        events.add(new Event(millis * 1000, order++, action));
    }

    void atMicros(long micros, Runnable action) {
        events.add(new Event(micros, order++, action));
    }

    private void after(long micros, Runnable action) {
        events.add(new Event(now + micros, order++, action));
    }

    private void every(long micros, Runnable action) {
        after(micros, () -> {
            action.run();
            every(micros, action);
        });
    }

    /** Requests at random moments, so many per second, each at a node and for a key of choice. */
    void load(long fromMillis, long toMillis, double perSecond, java.util.function.IntSupplier node, String key) {
        double micros = fromMillis * 1000.0;
        while (true) {
            micros += exponential(1e6 / perSecond);
            if (micros >= toMillis * 1000.0) {
                return;
            }
            atMicros((long) micros, () -> request(node.getAsInt(), key));
        }
    }

    /** Lets time pass up to a moment. */
    void run(long untilMillis) {
        while (!events.isEmpty() && events.peek().micros() <= untilMillis * 1000) {
            Event next = events.poll();
            now = Math.max(now, next.micros());
            next.action().run();
        }
        now = untilMillis * 1000;
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

    List<Admission> admitted() {
        return admitted;
    }

    long messages() {
        return messages;
    }

    long offered() {
        return offered;
    }

    /** How many requests there were in a second of the simulation. */
    long offeredIn(long second) {
        return offeredBySecond.getOrDefault(second, 0L);
    }

    long parked() {
        return parked;
    }

    /** Admissions by window, as the nodes that decided saw it. */
    Map<Long, Long> byWindow(long windowMillis) {
        Map<Long, Long> counts = new HashMap<>();
        admitted.forEach(one -> counts.merge(one.nodeMillis() / windowMillis, 1L, Long::sum));
        return counts;
    }

    /** The most that any interval of this length held, by true time. */
    long mostInAnyInterval(long millis) {
        List<Long> times = admitted.stream().map(Admission::micros).sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < times.size(); last++) {
            while (times.get(last) - times.get(first) >= millis * 1000) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** How many tokens of a key all living members believe to own now, for the limit at a position. */
    long owned(String key, int position) {
        return byIndex.stream()
                .filter(node -> !node.dead && members.contains(node.id))
                .mapToLong(node -> node.limiters
                        .view(RULE, key)
                        .orElseThrow()
                        .positions()
                        .get(position)
                        .owned())
                .sum();
    }
}
