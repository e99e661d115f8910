package io.sluice.state.circuit;

/**
 * Whether an upstream's circuit is open, as the node said that changed it last.
 *
 * @param upstream its name
 * @param version when it was changed, in agreed milliseconds since 1970, and more than that of the change before it
 * @param finder id of that node; 0 if a node of an early version tells of it
 */
public record Circuit(String upstream, boolean open, long version, long finder) {

    /** Of nobody in particular. */
    public Circuit(String upstream, boolean open, long version) {
        this(upstream, open, version, 0);
    }

    /** The one of two of the same upstream that counts: the later one, of two at once the one that is open. */
    Circuit merge(Circuit other) {
        return other.version > version || other.version == version && other.open && !open ? other : this;
    }

    /** As it has always been where nobody is named. */
    @Override
    public String toString() {
        String rest = finder == 0 ? "]" : ", finder=" + finder + "]";
        return "Circuit[upstream=" + upstream + ", open=" + open + ", version=" + version + rest;
    }
}
