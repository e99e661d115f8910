package io.sluice.state.health;

/** What one node holds of an address for itself, whatever the verdict of the cluster is. */
public enum OwnOpinion {
    /** It goes by the verdict. */
    NONE,
    /** Its own evidence is against the address, that of others is not, or is not known yet. */
    DOWN,
    /** It is out of contact with the others, and sees that the address is up again. */
    UP
}
