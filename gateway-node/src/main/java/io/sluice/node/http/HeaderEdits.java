package io.sluice.node.http;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A received head with changes: a mark on every line that is dropped and a list of added ones. Lines that stay are written
 * byte for byte, in runs. Reused from message to message.
 *
 * <p>Host and what frames the message or speaks of the connection are the gateway's own: a change to them through
 * {@link MutableHeaders} is ignored, because a body whose frame does not fit it would be taken for the next message, and
 * two words about a connection leave open which one holds.
 */
public final class HeaderEdits implements MutableHeaders {

    private static final HeadFields NONE = new HeadFields();
    private static final HeaderName[] OWNED = {
        KnownField.CONTENT_LENGTH.headerName(),
        KnownField.TRANSFER_ENCODING.headerName(),
        KnownField.HOST.headerName(),
        KnownField.CONNECTION.headerName(),
        KnownField.KEEP_ALIVE.headerName(),
        KnownField.PROXY_CONNECTION.headerName(),
        KnownField.UPGRADE.headerName(),
        KnownField.TE.headerName()
    };

    private HeadFields base = NONE;
    private long[] dropped = new long[2];
    private boolean anyDropped;
    private HeaderName[] names = new HeaderName[8];
    private String[] values = new String[8];
    private int added;

    /** Starts over on a received head. */
    public void reset(HeadFields fields) {
        base = fields;
        int words = (fields.count() + 63) / 64;
        if (words > dropped.length) {
            dropped = new long[words];
        } else if (anyDropped) {
            Arrays.fill(dropped, 0);
        }
        anyDropped = false;
        if (added > 0) {
            Arrays.fill(names, 0, added, null);
            Arrays.fill(values, 0, added, null);
            added = 0;
        }
    }

    /** Starts over on nothing. */
    public void reset() {
        reset(NONE);
    }

    /** Drops one line of the received head. */
    public void drop(int field) {
        dropped[field >> 6] |= 1L << field;
        anyDropped = true;
    }

    /** Whether a line of the received head is dropped. */
    public boolean dropped(int field) {
        return (dropped[field >> 6] & 1L << field) != 0;
    }

    /** Drops every line of a known field. */
    public void drop(KnownField field) {
        for (int i = base.indexOf(field); i >= 0; i = base.nextOf(i)) {
            drop(i);
        }
    }

    @Override
    public void set(HeaderName name, String value) {
        HeaderName.requireValue(value);
        if (owned(name)) {
            return;
        }
        remove(name);
        append(name, value);
    }

    @Override
    public void add(HeaderName name, String value) {
        HeaderName.requireValue(value);
        if (!owned(name)) {
            append(name, value);
        }
    }

    /** Adds a line of the gateway's own: one that frames the message or is about the connection. */
    public void addFraming(KnownField field, String value) {
        append(field.headerName(), value);
    }

    private static boolean owned(HeaderName name) {
        for (HeaderName owned : OWNED) {
            if (name.equals(owned)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void remove(HeaderName name) {
        if (owned(name)) {
            return;
        }
        for (int i = 0; i < base.count(); i++) {
            if (base.named(i, name)) {
                drop(i);
            }
        }
        int kept = 0;
        for (int i = 0; i < added; i++) {
            if (!names[i].equals(name)) {
                names[kept] = names[i];
                values[kept++] = values[i];
            }
        }
        for (int i = kept; i < added; i++) {
            names[i] = name;
            values[i] = "";
        }
        added = kept;
    }

    @Override
    public Optional<String> first(HeaderName name) {
        for (int i = 0; i < base.count(); i++) {
            if (base.named(i, name) && !dropped(i)) {
                return Optional.of(base.value(i));
            }
        }
        for (int i = 0; i < added; i++) {
            if (names[i].equals(name)) {
                return Optional.of(values[i]);
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> all(HeaderName name) {
        List<String> found = new ArrayList<>(2);
        for (int i = 0; i < base.count(); i++) {
            if (base.named(i, name) && !dropped(i)) {
                found.add(base.value(i));
            }
        }
        for (int i = 0; i < added; i++) {
            if (names[i].equals(name)) {
                found.add(values[i]);
            }
        }
        return found;
    }

    @Override
    public boolean contains(HeaderName name) {
        for (int i = 0; i < base.count(); i++) {
            if (base.named(i, name) && !dropped(i)) {
                return true;
            }
        }
        for (int i = 0; i < added; i++) {
            if (names[i].equals(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void forEach(BiConsumer<String, String> visitor) {
        for (int i = 0; i < base.count(); i++) {
            if (!dropped(i)) {
                visitor.accept(base.name(i), base.value(i));
            }
        }
        for (int i = 0; i < added; i++) {
            visitor.accept(names[i].text(), values[i]);
        }
    }

    /** Appends every remaining line, each with its line end. */
    public void write(ByteWriter out) {
        byte[] bytes = base.bytes();
        int count = base.count();
        if (count > 0 && !anyDropped) {
            out.put(bytes, base.nameFrom(0), base.linesTo());
        } else {
            int i = 0;
            while (i < count) {
                if (dropped(i)) {
                    i++;
                    continue;
                }
                int runFrom = base.nameFrom(i);
                while (i < count && !dropped(i)) {
                    i++;
                }
                out.put(bytes, runFrom, i < count ? base.nameFrom(i) : base.linesTo());
            }
        }
        for (int i = 0; i < added; i++) {
            out.put(names[i].bytes());
            out.put((byte) ':');
            out.put((byte) ' ');
            out.put(values[i]);
            out.crlf();
        }
    }

    private void append(HeaderName name, String value) {
        if (added == names.length) {
            names = Arrays.copyOf(names, added * 2);
            values = Arrays.copyOf(values, added * 2);
        }
        names[added] = name;
        values[added++] = value;
    }
}
