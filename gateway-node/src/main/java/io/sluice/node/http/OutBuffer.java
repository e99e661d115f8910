package io.sluice.node.http;

import java.nio.ByteBuffer;

/**
 * Gathers the pieces of one write: direct memory of the loop while they fit, heap memory for the rare larger one. Its content
 * is valid until it is cleared, at the latest until the handler that filled it returns.
 */
public final class OutBuffer {

    private final ByteBuffer usual;
    private ByteBuffer current;

    OutBuffer(int capacity) {
        this(ByteBuffer.allocateDirect(capacity));
    }

    private OutBuffer(ByteBuffer first) {
        usual = first;
        current = first;
    }

    /** One that is on the heap at once. */
    static OutBuffer onHeap(int capacity) {
        return new OutBuffer(ByteBuffer.allocate(capacity));
    }

    /** Forgets the content. */
    public void clear() {
        current = usual;
        current.clear();
    }

    public boolean isEmpty() {
        return current.position() == 0;
    }

    /** Bytes gathered. */
    public int length() {
        return current.position();
    }

    public void put(byte[] source, int from, int to) {
        ensure(to - from);
        current.put(source, from, to - from);
    }

    public void put(byte[] source) {
        put(source, 0, source.length);
    }

    /** Appends what a writer has. */
    public void put(ByteWriter source) {
        put(source.array(), 0, source.length());
    }

    /** Appends what remains in the buffer and consumes it. */
    public void put(ByteBuffer source) {
        ensure(source.remaining());
        current.put(source);
    }

    /** Where at least that many bytes can be appended. */
    ByteBuffer room(int bytes) {
        ensure(bytes);
        return current;
    }

    /** Copies what was gathered from a position on. */
    public void copyFrom(int position, ByteWriter target) {
        ByteBuffer view = current.duplicate();
        view.flip().position(position);
        target.put(view);
    }

    /** The gathered bytes, ready to be written; nothing may be appended before {@link #clear}. */
    public ByteBuffer flip() {
        current.flip();
        return current;
    }

    private void ensure(int more) {
        if (current.remaining() < more) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(current.capacity() * 2, current.position() + more));
            current.flip();
            larger.put(current);
            current = larger;
        }
    }
}
