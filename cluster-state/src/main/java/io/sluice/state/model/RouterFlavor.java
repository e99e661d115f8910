package io.sluice.state.model;

/** Which of Kong's rule orders the router follows; they differ in ties only. */
public enum RouterFlavor {
    TRADITIONAL_COMPATIBLE,
    TRADITIONAL
}
