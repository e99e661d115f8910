package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;

/**
 * The Huffman code of HPACK (RFC 7541 appendix B), decoded four bits at a time.
 *
 * <p>The code is canonical: codes of one length are consecutive and in the order of their symbols. So its lengths are all that
 * need be written down. Each inner node of its tree is a state; as no code is shorter than five bits, four bits complete one
 * symbol at most.
 */
final class Huffman {

    /** The length of each symbol's code, 0 to 255 and the end of string, as a letter: a is 5. */
    private static final String LENGTHS =
            "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhfibcccccccccccccccccccccc"
                    + "dcdioijbkabababbbaccbbbabcbaabccccckgjixprpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrss"
                    + "qqrqsrssprrrsrrsvvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwvz";

    private static final int SYMBOLS = 257;
    private static final int END = 256;

    /** In a transition: the state that follows. */
    private static final int STATE = 0xFF;

    private static final int EMITS = 1 << 8;
    private static final int SYMBOL_SHIFT = 16;
    private static final int FAILS = 1 << 9;

    /** By state and four bits. */
    private static final int[] TRANSITIONS = new int[256 * 16];

    /** Whether a string may end in a state: with less than eight bits of padding, all ones. */
    private static final boolean[] ENDS = new boolean[256];

    static {
        build();
    }

    private Huffman() {}

    private static void build() {
        int[][] tree = new int[256][2]; // a child: 0 for none, a state if positive, -1 - symbol if negative
        int states = 1;
        int code = 0;
        int before = 0;
        for (int length = 5; length <= 30; length++) {
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                if (LENGTHS.charAt(symbol) - 'a' + 5 == length) {
                    code = before == 0 ? 0 : (code + 1) << (length - before);
                    before = length;
                    states = plant(tree, states, code, length, symbol);
                }
            }
        }
        for (int state = 0; state < states; state++) {
            for (int bits = 0; bits < 16; bits++) {
                TRANSITIONS[state << 4 | bits] = follow(tree, state, bits);
            }
        }
        int padded = 0;
        for (int ones = 0; ones < 8; ones++) {
            ENDS[padded] = true;
            padded = tree[padded][1];
        }
    }

    private static int plant(int[][] tree, int states, int code, int length, int symbol) {
        int used = states;
        int at = 0;
        for (int bit = length - 1; bit > 0; bit--) {
            int branch = code >> bit & 1;
            if (tree[at][branch] == 0) {
                tree[at][branch] = used++;
            }
            at = tree[at][branch];
        }
        tree[at][code & 1] = -1 - symbol;
        return used;
    }

    private static int follow(int[][] tree, int from, int bits) {
        int at = from;
        int result = 0;
        for (int bit = 3; bit >= 0; bit--) {
            int next = tree[at][bits >> bit & 1];
            if (next < 0) {
                int symbol = -1 - next;
                if (symbol == END) {
                    return FAILS;
                }
                result = EMITS | symbol << SYMBOL_SHIFT;
                at = 0;
            } else {
                at = next;
            }
        }
        return result | at;
    }

    /**
     * Appends what {@code bytes[from, to)} stands for.
     *
     * @return false if it is no such string
     */
    static boolean decode(byte[] bytes, int from, int to, ByteWriter out) {
        int state = 0;
        for (int i = from; i < to; i++) {
            int high = TRANSITIONS[state << 4 | bytes[i] >> 4 & 15];
            if ((high & EMITS) != 0) {
                out.put((byte) (high >> SYMBOL_SHIFT));
            }
            int low = TRANSITIONS[(high & STATE) << 4 | bytes[i] & 15];
            if ((low & EMITS) != 0) {
                out.put((byte) (low >> SYMBOL_SHIFT));
            }
            if (((high | low) & FAILS) != 0) {
                return false;
            }
            state = low & STATE;
        }
        return ENDS[state];
    }
}
