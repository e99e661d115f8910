package io.sluice.state.wire;

/**
 * Delivered in place of a message that could not be read. Actors built with a receive builder leave it unhandled, which is right: it
 * is counted and logged already.
 *
 * @param sender id of the node that says it sent it, 0 if not even that could be read
 * @param reason what was found and what was expected
 */
public record Unreadable(long sender, String manifest, String reason) implements WireMessage {}
