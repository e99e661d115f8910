package io.sluice.state.limit.crdt;

import io.sluice.state.limit.Contact;
import io.sluice.state.limit.PeerPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log which peer policies apply, once when that changes. One thread. */
final class PolicyNotice {

    private static final Logger log = LoggerFactory.getLogger(PolicyNotice.class);

    private Spending said;

    /** Which rules spend what. */
    private enum Spending {
        ALL,
        WITHOUT_SOME,
        SHARE_ONLY,
        NOTHING
    }

    /** Of a node that is in contact, or in none yet: neither is said. */
    PolicyNotice(boolean inContact) {
        said = inContact ? Spending.ALL : Spending.NOTHING;
    }

    /**
     * As it is now.
     *
     * @param all whether every member can be reached
     * @param now milliseconds since the epoch as the cluster agrees on them
     */
    void note(Contact contact, boolean all, long now) {
        Spending next = contact.allows(PeerPolicy.CLOSED, now)
                ? all ? Spending.ALL : Spending.WITHOUT_SOME
                : contact.allows(PeerPolicy.SHARE, now) ? Spending.SHARE_ONLY : Spending.NOTHING;
        if (next == said) {
            return;
        }
        said = next;
        switch (next) {
            case ALL -> log.info("cluster limits: in contact with all nodes, no peer policy applies");
            case WITHOUT_SOME ->
                log.warn(
                        "cluster limits: some nodes cannot be reached, rules that fail open also spend what may be theirs,"
                                + " others what this side owns");
            case SHARE_ONLY ->
                log.warn("cluster limits: no contact with a majority, rules that fail closed refuse all requests,"
                        + " others spend this node's own tokens");
            case NOTHING ->
                log.warn("cluster limits: no contact with a majority for so long that other nodes may have been"
                        + " given this node's tokens, all rules refuse but those that fail open");
        }
    }
}
