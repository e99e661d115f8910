package io.sluice.state.wire;

/**
 * Something that may leave the JVM. Nothing else may: Java's serialisation is off. Every type has a {@link WireCodec}, and its bytes
 * are kept under {@code src/test/resources/wire}, so that no later version forgets how to read them.
 */
public interface WireMessage {}
