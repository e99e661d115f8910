package io.sluice.k8s.translate.draft;

/** What a problem means for the object that has it. */
public enum Effect {
    /** Nothing of the object is in the configuration. */
    REFUSED,
    /** The named part is left out; the rest is in the configuration. */
    PARTLY,
    /** Nothing is left out, but something is not as one might think. */
    NOTE
}
