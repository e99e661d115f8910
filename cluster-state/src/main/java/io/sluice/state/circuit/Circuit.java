package io.sluice.state.circuit;

/**
 * Whether an upstream's circuit is open, as the node said that changed it last.
 *
 * @param upstream its name
 * @param version when it was changed, in agreed milliseconds since 1970, and more than that of the change before it
 */
public record Circuit(String upstream, boolean open, long version) {

    /** The one of two of the same upstream that counts: the later one, of two at once the one that is open. */
    Circuit merge(Circuit other) {
        return other.version > version || other.version == version && other.open && !open ? other : this;
    }
}
