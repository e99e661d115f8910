package io.sluice.state.rollout;

import io.sluice.state.membership.Member;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a node knows of the configurations of all. Thread-safe. */
final class RolloutTable {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<Long, String> others = new HashMap<>();
    private Members members = Membership.alone().members();
    private String own = "";
    private volatile Rollout view = new Rollout(1, Map.of());

    void listen(Runnable listener) {
        listeners.add(listener);
    }

    Rollout view() {
        return view;
    }

    synchronized String own() {
        return own;
    }

    /** This is live on this node; false if it was already. */
    boolean own(String hash) {
        synchronized (this) {
            if (own.equals(hash)) {
                return false;
            }
            own = hash;
        }
        publish();
        return true;
    }

    /** Another node has said so. */
    void learn(long node, String hash) {
        synchronized (this) {
            if (hash.equals(others.put(node, hash))) {
                return;
            }
        }
        publish();
    }

    /** The cluster has changed. */
    void seen(Members next) {
        synchronized (this) {
            members = next;
            Set<Long> ids = new HashSet<>();
            next.all().forEach(member -> ids.add(member.id()));
            others.keySet().retainAll(ids);
        }
        publish();
    }

    private void publish() {
        boolean changed;
        synchronized (this) {
            Rollout next = snapshot();
            changed = !next.equals(view);
            view = next;
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    private Rollout snapshot() {
        Map<Long, String> live = new HashMap<>();
        int nodes = 1;
        for (Member member : members.others()) {
            if (member.status() == Status.UP) {
                nodes++;
                String hash = others.get(member.id());
                if (hash != null) {
                    live.put(member.id(), hash);
                }
            }
        }
        if (!own.isEmpty()) {
            live.put(members.self().id(), own);
        }
        return new Rollout(nodes, live);
    }
}
