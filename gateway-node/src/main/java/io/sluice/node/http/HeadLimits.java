package io.sluice.node.http;

/**
 * What a message head may measure, in bytes.
 *
 * @param head start line and fields together
 * @param startLine the first line
 * @param line any single field line
 * @param fields most field lines
 */
public record HeadLimits(int head, int startLine, int line, int fields) {

    /** What is accepted from an upstream. */
    public static final HeadLimits RESPONSE = new HeadLimits(64 * 1024, 8 * 1024, 32 * 1024, 500);

    /** Interim heads before a final one; more are not believed. */
    public static final int MOST_INTERIM = 16;
}
