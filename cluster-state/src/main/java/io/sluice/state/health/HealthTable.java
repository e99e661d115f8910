package io.sluice.state.health;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the keeper and everybody else of this node share: cells, verdicts, and what is watched. Any thread. */
final class HealthTable {

    private final Map<TargetAddress, TargetCell> cells = new ConcurrentHashMap<>();
    private final Map<TargetAddress, Verdict> verdicts = new ConcurrentHashMap<>();
    private final Map<String, WatchedUpstream> upstreams = new ConcurrentHashMap<>();
    private final Consumer<TargetCell> changed;
    private volatile int seconds;

    /**
     * An empty one.
     *
     * @param changed told of cells that requests have changed; must not block
     */
    HealthTable(Consumer<TargetCell> changed) {
        this.changed = changed;
        tick();
    }

    /** Reads the clock that cells go by; about once a second. */
    void tick() {
        seconds = (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    }

    /** The cell of an address, made if there is none. */
    TargetCell cell(TargetAddress address) {
        TargetCell known = cells.get(address);
        if (known != null) {
            return known;
        }
        TargetCell cell = cells.computeIfAbsent(address, fresh -> new TargetCell(fresh, () -> seconds, changed));
        WatchedUpstream upstream = upstreams.get(address.upstream());
        cell.watch(upstream == null ? null : upstream.checks());
        Verdict verdict = verdicts.get(address);
        if (verdict != null) {
            cell.verdict(verdict.up());
        }
        return cell;
    }

    @Nullable
    TargetCell known(TargetAddress address) {
        return cells.get(address);
    }

    Collection<TargetCell> cells() {
        return cells.values();
    }

    void drop(TargetAddress address) {
        cells.remove(address);
    }

    Optional<Verdict> verdict(TargetAddress address) {
        return Optional.ofNullable(verdicts.get(address));
    }

    Collection<Verdict> verdicts() {
        return verdicts.values();
    }

    boolean isUp(TargetAddress address) {
        Verdict verdict = verdicts.get(address);
        return verdict == null || verdict.up();
    }

    /** What a cell shows of it follows, also of one that is made in this moment. */
    void put(Verdict verdict) {
        verdicts.put(verdict.address(), verdict);
        TargetCell cell = cells.get(verdict.address());
        if (cell != null) {
            cell.verdict(verdict.up());
        }
    }

    void expire(Verdict verdict) {
        verdicts.remove(verdict.address(), verdict);
        TargetCell cell = cells.get(verdict.address());
        if (cell != null) {
            cell.verdict(true);
        }
    }

    Optional<WatchedUpstream> upstream(String name) {
        return Optional.ofNullable(upstreams.get(name));
    }

    Collection<WatchedUpstream> upstreams() {
        return upstreams.values();
    }

    /** False if the same is watched already. */
    boolean watch(WatchedUpstream upstream) {
        if (upstream.equals(upstreams.put(upstream.name(), upstream))) {
            return false;
        }
        upstream.addresses().forEach(this::cell);
        observe(upstream.name(), upstream.checks());
        return true;
    }

    boolean forget(String upstream) {
        if (upstreams.remove(upstream) == null) {
            return false;
        }
        observe(upstream, null);
        return true;
    }

    private void observe(String upstream, @Nullable Healthchecks checks) {
        for (TargetCell cell : cells.values()) {
            if (cell.address().upstream().equals(upstream)) {
                cell.watch(checks);
            }
        }
    }
}
