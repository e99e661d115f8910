package io.sluice.node.http;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The field lines of a received head as slices of its bytes: no String is made for what nobody asks. Reused from message to
 * message.
 */
public final class HeadFields implements Headers {

    private static final int WIDTH = 6;
    private static final int KNOWN = KnownField.values().length;

    private byte[] bytes = new byte[0];
    private int[] spans = new int[24 * WIDTH];
    private final int[] firstOf = new int[KNOWN];
    private int count;
    private int linesTo;
    private long seen;

    void clear(byte[] source) {
        bytes = source;
        count = 0;
        seen = 0;
    }

    void add(int nameFrom, int nameTo, int hash, int valueFrom, int valueTo) {
        int at = count * WIDTH;
        if (at == spans.length) {
            spans = Arrays.copyOf(spans, spans.length * 2);
        }
        int known = KnownField.find(hash, bytes, nameFrom, nameTo);
        spans[at] = nameFrom;
        spans[at + 1] = nameTo;
        spans[at + 2] = valueFrom;
        spans[at + 3] = valueTo;
        spans[at + 4] = hash;
        spans[at + 5] = known;
        if (known >= 0 && (seen & 1L << known) == 0) {
            seen |= 1L << known;
            firstOf[known] = count;
        }
        count++;
    }

    /** The bytes moved to another array: the same content at the same positions minus {@code shift}. */
    void rebase(byte[] target, int shift) {
        bytes = target;
        linesTo -= shift;
        for (int at = 0; shift != 0 && at < count * WIDTH; at += WIDTH) {
            spans[at] -= shift;
            spans[at + 1] -= shift;
            spans[at + 2] -= shift;
            spans[at + 3] -= shift;
        }
    }

    void end(int position) {
        linesTo = position;
    }

    /** Where the last field line ends, its line end included. */
    public int linesTo() {
        return linesTo;
    }

    /** How many field lines there are. */
    public int count() {
        return count;
    }

    /** The array that the positions refer to. */
    public byte[] bytes() {
        return bytes;
    }

    public int nameFrom(int field) {
        return spans[field * WIDTH];
    }

    public int nameTo(int field) {
        return spans[field * WIDTH + 1];
    }

    public int valueFrom(int field) {
        return spans[field * WIDTH + 2];
    }

    public int valueTo(int field) {
        return spans[field * WIDTH + 3];
    }

    /** The ordinal of the {@link KnownField} it is, or -1. */
    public int known(int field) {
        return spans[field * WIDTH + 5];
    }

    /** Whether the field occurs. */
    public boolean has(KnownField field) {
        return (seen & 1L << field.ordinal()) != 0;
    }

    /** The position of its first line, or -1. */
    public int indexOf(KnownField field) {
        return has(field) ? firstOf[field.ordinal()] : -1;
    }

    /** The next line of the same known field after this one, or -1. */
    public int nextOf(int field) {
        int known = known(field);
        for (int i = field + 1; i < count; i++) {
            if (known(i) == known) {
                return i;
            }
        }
        return -1;
    }

    /** The value of a line, one char per byte. */
    public String value(int field) {
        int from = valueFrom(field);
        return new String(bytes, from, valueTo(field) - from, StandardCharsets.ISO_8859_1);
    }

    /** The name of a line as written. */
    public String name(int field) {
        int from = nameFrom(field);
        return new String(bytes, from, nameTo(field) - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether the value is a comma-separated list with this lower-case word, parameters ignored. */
    public boolean listHas(int field, String word) {
        return Tokens.listHas(bytes, valueFrom(field), valueTo(field), word);
    }

    /** Whether a line's value is a comma-separated list that has the name of another line as an element. */
    public boolean listHasNameOf(int list, int named) {
        return Tokens.listHas(bytes, valueFrom(list), valueTo(list), bytes, nameFrom(named), nameTo(named));
    }

    /** Whether any line of the field lists this lower-case word. */
    public boolean lists(KnownField field, String word) {
        for (int i = indexOf(field); i >= 0; i = nextOf(i)) {
            if (listHas(i, word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the value is this lower-case word, ignoring case. */
    public boolean valueIs(int field, String word) {
        return Tokens.equalsIgnoreCase(bytes, valueFrom(field), valueTo(field), word);
    }

    /** Whether a line is of that name. */
    public boolean named(int field, HeaderName name) {
        int at = field * WIDTH;
        return spans[at + 4] == name.caselessHash() && name.matches(bytes, spans[at], spans[at + 1]);
    }

    @Override
    public Optional<String> first(HeaderName name) {
        for (int i = 0; i < count; i++) {
            if (named(i, name)) {
                return Optional.of(value(i));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> all(HeaderName name) {
        List<String> values = null;
        for (int i = 0; i < count; i++) {
            if (named(i, name)) {
                values = values == null ? new ArrayList<>(2) : values;
                values.add(value(i));
            }
        }
        return values == null ? List.of() : values;
    }

    @Override
    public boolean contains(HeaderName name) {
        for (int i = 0; i < count; i++) {
            if (named(i, name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void forEach(BiConsumer<String, String> visitor) {
        for (int i = 0; i < count; i++) {
            visitor.accept(name(i), value(i));
        }
    }
}
