package io.sluice.node.config.document;

/**
 * What a document may cost, so that a hostile one is refused before it costs much.
 *
 * @param characters of text
 * @param depth of nesting
 * @param values in the tree, those behind YAML aliases counted each time they are used
 */
public record DocumentLimits(int characters, int depth, int values) {

    /** Enough for a hundred thousand routes. */
    public static final DocumentLimits DEFAULT = new DocumentLimits(128 << 20, 64, 10_000_000);
}
