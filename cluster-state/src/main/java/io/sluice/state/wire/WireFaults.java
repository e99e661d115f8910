package io.sluice.state.wire;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what could not be read, and logs the first of each peer: a peer of another version, or a hostile one, may send any number.
 * Any thread.
 */
public final class WireFaults {

    private static final Logger log = LoggerFactory.getLogger(WireFaults.class);
    /** Senders are what the bytes say: made-up ones must not fill the memory or the log. */
    private static final int MOST_PEERS = 64;

    private final LongAdder total = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Map<Long, LongAdder> byPeer = new ConcurrentHashMap<>();
    private final LongFunction<String> names;

    /**
     * Counts from zero.
     *
     * @param names what operators call the node of an id, for the log
     */
    public WireFaults(LongFunction<String> names) {
        this.names = names;
    }

    /** How many messages could not be read since the start. */
    public long total() {
        return total.sum();
    }

    /** How many of them came from a node; beyond 64 different senders the new ones are counted in the total only. */
    public long from(long sender) {
        LongAdder count = byPeer.get(sender);
        return count == null ? 0 : count.sum();
    }

    /** How many connections were closed because of what the other end sent, since the start. */
    public long refused() {
        return refused.sum();
    }

    /**
     * A connection was closed because of what the other end sent.
     *
     * @param peer its address, or a word for whoever it was
     * @param reason what it was; the first of each kind is logged, which is what stands before a comma or a bracket
     */
    public void refused(String peer, String reason) {
        refused.increment();
        tell(
                peer,
                reason,
                "a connection of the cluster port is closed for what the other end sent: counted from now on");
    }

    /** Bytes that are no message came from a peer; both as in {@link #refused(String, String)}. */
    public void dropped(String peer, String reason) {
        total.increment();
        tell(peer, reason, "bytes came to the cluster port that are no message: dropped, and counted from now on");
    }

    /** So many more, of which it is not known what they were. */
    public void dropped(long more) {
        total.add(more);
    }

    private void tell(String peer, String reason, String what) {
        String kind = peer + ' ' + reason.split("[,(]", 2)[0];
        if (told.size() < MOST_PEERS && told.add(kind)) {
            log.atWarn().addKeyValue("peer", peer).addKeyValue("reason", reason).log(what);
        }
    }

    void count(Unreadable message) {
        total.increment();
        LongAdder known = byPeer.get(message.sender());
        if (known == null && byPeer.size() < MOST_PEERS) {
            LongAdder first = new LongAdder();
            known = byPeer.putIfAbsent(message.sender(), first);
            if (known == null) {
                known = first;
                log.atWarn()
                        .addKeyValue("peer", names.apply(message.sender()))
                        .addKeyValue("message", message.manifest())
                        .addKeyValue("reason", message.reason())
                        .log("a peer sends what this node cannot read: dropped, and counted from now on");
            }
        }
        if (known != null) {
            known.increment();
        }
    }
}
