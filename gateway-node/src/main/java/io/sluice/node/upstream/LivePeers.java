package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Balancers;
import io.sluice.node.balance.TargetLoad;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.dns.NameView;
import io.sluice.node.dns.ResolvedAddress;
import io.sluice.node.guard.UpstreamGuard;
import io.sluice.state.health.TargetHealth;
import io.sluice.state.model.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The peers of an upstream as of now. They are made anew when the addresses of a target change, off the event loops; a request
 * takes them once. Thread-safe.
 */
final class LivePeers implements AutoCloseable {

    private static final Balancer ONLY_ONE = candidates -> candidates.usable(0) ? 0 : Balancer.NONE;

    private final PeerPlan plan;
    private final UpstreamMemory memory;
    private final HostResolver resolver;
    private final UpstreamGuard guard;
    private final Function<List<Balancers.Member>, Balancer> balancing;
    private final Map<String, HostResolver.Watch> watches = new HashMap<>();
    private final AtomicBoolean outdated = new AtomicBoolean();
    private CompletableFuture<Void> replaced = new CompletableFuture<>();
    private volatile boolean healthy = true;
    private volatile Peers current = new Peers(List.of(), ONLY_ONE, new Choice.Resolving(replaced), null);

    private LivePeers(
            PeerPlan plan,
            UpstreamMemory memory,
            HostResolver resolver,
            UpstreamGuard guard,
            Function<List<Balancers.Member>, Balancer> balancing) {
        this.guard = guard;
        this.plan = plan;
        this.memory = memory;
        this.resolver = resolver;
        this.balancing = balancing;
    }

    /** Begins to watch the names of a plan's targets, until {@link #close}. */
    static LivePeers open(PeerPlan plan, UpstreamMemory memory, HostResolver resolver, UpstreamGuard guard) {
        return open(plan, memory, resolver, guard, members -> Balancers.of(plan.balancing(), members, memory.turn()));
    }

    static LivePeers open(
            PeerPlan plan,
            UpstreamMemory memory,
            HostResolver resolver,
            UpstreamGuard guard,
            Function<List<Balancers.Member>, Balancer> balancing) {
        LivePeers live = new LivePeers(plan, memory, resolver, guard, balancing);
        live.watch();
        memory.add(live);
        return live;
    }

    /** The peers to use for a request that begins now; one volatile read. */
    Peers current() {
        return current;
    }

    /** Whether enough of the upstream is up for it to be used at all; one volatile read. */
    boolean healthy() {
        return healthy;
    }

    /**
     * Sets {@link #healthy} by what is up now.
     *
     * @param threshold percent of the weight; more than that must be up. Without any address, looking for one goes on
     */
    synchronized void judge(double threshold) {
        long total = 0;
        long available = 0;
        for (Peer peer : current.all()) {
            total += peer.weight();
            available += peer.health().usable() ? peer.weight() : 0;
        }
        healthy = total == 0 || available * 100.0 > threshold * total;
    }

    String upstream() {
        return plan.upstream();
    }

    UpstreamMemory memory() {
        return memory;
    }

    /** How each target fares. */
    synchronized List<UpstreamView.Target> targets() {
        List<Peer> peers = current.all();
        return plan.members().stream()
                .map(member -> new UpstreamView.Target(
                        member.target(),
                        member.host(),
                        member.port(),
                        member.weight(),
                        source(member),
                        peers.stream()
                                .filter(peer -> peer.target().equals(member.target()))
                                .map(Peer::view)
                                .toList()))
                .toList();
    }

    /** Where a target's addresses come from, or why there are none. */
    private String source(PeerPlan.Member member) {
        HostResolver.Watch watch = watches.get(member.host());
        if (watch == null) {
            return member.host().indexOf(':') < 0 ? "A" : "AAAA";
        }
        NameView view = watch.view();
        return switch (view.state()) {
            case PENDING -> "no answer yet";
            case NONE -> view.reason();
            case FOUND -> type(view.addresses().get(0));
        };
    }

    private static String type(ResolvedAddress address) {
        if (!address.host().isEmpty()) {
            return "SRV";
        }
        return address.address() instanceof Inet4Address ? "A" : "AAAA";
    }

    @Override
    public synchronized void close() {
        memory.remove(this);
        watches.values().forEach(HostResolver.Watch::close);
    }

    private synchronized void watch() {
        Runnable changed = this::changed;
        for (PeerPlan.Member member : plan.members()) {
            if (!member.literal()) {
                watches.computeIfAbsent(member.host(), host -> resolver.watch(host, changed));
            }
        }
        rebuild();
    }

    /** Many names may change at once: what has been told meanwhile is done in one go. */
    private void changed() {
        if (outdated.compareAndSet(false, true)) {
            resolver.add(this::rebuild);
        }
    }

    private synchronized void rebuild() {
        outdated.set(false);
        List<Peer> peers = new ArrayList<>();
        boolean some = false;
        boolean waiting = false;
        boolean missing = false;
        for (PeerPlan.Member member : plan.members()) {
            int before = peers.size();
            NameView.State state = add(member, peers);
            if (member.weight() > 0) {
                some |= peers.size() > before;
                waiting |= state == NameView.State.PENDING;
                missing |= state == NameView.State.NONE;
            }
        }
        CompletableFuture<Void> superseded = replaced;
        replaced = new CompletableFuture<>();
        Choice absence = Choice.NoPeer.INSTANCE;
        if (!some && waiting) {
            absence = new Choice.Resolving(replaced);
        } else if (!some && missing) {
            absence = Choice.Unresolved.INSTANCE;
        }
        tellThoseWhoLeave(peers);
        current = new Peers(peers, balancer(peers), absence, guard.outliers());
        judge(memory.threshold());
        memory.health().moved(this);
        superseded.complete(null);
    }

    /** An address that its name has again later is new then. */
    private void tellThoseWhoLeave(List<Peer> next) {
        Set<TargetLoad> staying = Collections.newSetFromMap(new IdentityHashMap<>());
        next.forEach(peer -> staying.add(peer.load()));
        long now = System.nanoTime();
        for (Peer peer : current.all()) {
            if (!staying.contains(peer.load())) {
                peer.load().seen(false, now);
            }
        }
    }

    private NameView.State add(PeerPlan.Member member, List<Peer> peers) {
        if (member.literal()) {
            peers.add(peer(member, ResolvedAddress.of(address(member.host()))));
            return NameView.State.FOUND;
        }
        HostResolver.Watch watch = watches.get(member.host());
        if (watch == null) {
            throw new IllegalStateException("name " + member.host() + " is not watched");
        }
        NameView view = watch.view();
        view.addresses().forEach(address -> peers.add(peer(member, address)));
        return view.state();
    }

    private Peer peer(PeerPlan.Member member, ResolvedAddress address) {
        int port = address.port() > 0 ? address.port() : member.port();
        int weight = address.weight() > 0 && member.weight() > 0 ? address.weight() : member.weight();
        String header = plan.header(member, port, address.host());
        Endpoint endpoint = Endpoint.of(new InetSocketAddress(address.address(), port), header);
        TargetHealth health = memory.health().of(plan.upstream(), member.target(), endpoint);
        return new Peer(endpoint.with(health), member.target(), weight, memory.load(member.target(), endpoint), health);
    }

    private Balancer balancer(List<Peer> peers) {
        if (plan.upstream().isEmpty() && peers.size() == 1) {
            return ONLY_ONE;
        }
        return balancing.apply(peers.stream()
                .map(peer -> new Balancers.Member(peer.name(), peer.weight(), peer.load()))
                .toList());
    }

    private static InetAddress address(String literal) {
        byte[] bytes = Cidr.addressBytes(literal).orElseThrow();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes by construction
        }
    }
}
