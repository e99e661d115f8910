package io.sluice.node.dns;

import java.util.List;

/**
 * What is known of a name.
 *
 * @param addresses that may be used, sorted; empty unless {@code state} is FOUND
 * @param reason why there are none; empty if there are
 */
public record NameView(State state, List<ResolvedAddress> addresses, String reason) {

    /** Whether a name has addresses. */
    public enum State {
        /** The first look-up is under way. */
        PENDING,
        FOUND,
        /** It has none, or they could not be found out. */
        NONE
    }

    static final NameView PENDING = new NameView(State.PENDING, List.of(), "");

    static NameView found(List<ResolvedAddress> addresses) {
        return new NameView(State.FOUND, addresses, "");
    }

    static NameView none(String reason) {
        return new NameView(State.NONE, List.of(), reason);
    }
}
