package io.sluice.state.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a {@link TokenPool}: open addressing with linear probing, cut into stripes that grow on their own, so that no
 * growth moves more than a part of a million keys at once. Finding takes no lock; adding and removing hold the stripe's monitor.
 *
 * <p>Beside each entry lies its tag, 32 bits of its hash: a search passes other keys' places within one line of memory or two, instead
 * of reading an entry each, which no cache may hold. Tags are set before their entries, and a place is never used twice, so
 * a tag that fits is that of the entry or of one that is about to be there.
 */
final class LimiterTable {

    private static final int STRIPE_BITS = 6;
    private static final int SMALLEST = 8;
    /** A stripe in which fewer slots than one of so many are in use is made smaller. */
    private static final int LOOKS_PER_ENTRY = 16;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);
    private static final VarHandle TAG = MethodHandles.arrayElementVarHandle(int[].class);

    private final Stripe[] stripes = new Stripe[1 << STRIPE_BITS];

    LimiterTable() {
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe();
        }
    }

    private static final class Stripe {
        private volatile Places places = new Places(SMALLEST);
        private int taken;
        private volatile int live;
        private int hand;
    }

    private static final class Places {
        private final @Nullable Entry[] slots;
        private final int[] tags;

        Places(int length) {
            slots = new Entry[length];
            tags = new int[length];
        }

        void put(Entry entry) {
            int mask = slots.length - 1;
            int i = (int) entry.hash() & mask;
            while (slots[i] != null) {
                i = i + 1 & mask;
            }
            TAG.setRelease(tags, i, tag(entry.hash()));
            SLOT.setRelease(slots, i, entry);
        }
    }

    /** Of bits that tell neither the stripe nor the place; never 0, which is the tag of a free place. */
    private static int tag(long hash) {
        return (int) (hash >>> 64 - STRIPE_BITS - Integer.SIZE) | 1;
    }

    @Nullable
    Entry find(long hash) {
        Places places = stripe(hash).places;
        int[] tags = places.tags;
        int wanted = tag(hash);
        int mask = tags.length - 1;
        for (int i = (int) hash & mask; ; i = i + 1 & mask) {
            int tag = (int) TAG.getAcquire(tags, i);
            if (tag == 0) {
                return null;
            }
            if (tag == wanted) {
                Entry entry = (Entry) SLOT.getAcquire(places.slots, i);
                if (entry == null || entry.hash() == hash && entry != Entry.REMOVED) {
                    return entry;
                }
            }
        }
    }

    /** Adds an entry unless its key is there; the one that is in the table then. */
    Entry add(Entry fresh) {
        Stripe stripe = stripe(fresh.hash());
        synchronized (stripe) {
            Entry known = find(fresh.hash());
            if (known != null) {
                return known;
            }
            if ((stripe.taken + 1) * 3 > stripe.places.slots.length * 2) {
                rebuild(stripe);
            }
            stripe.places.put(fresh);
            stripe.taken++;
            stripe.live++;
            return fresh;
        }
    }

    /** Removes an entry if it is still there. */
    void remove(Entry entry) {
        Stripe stripe = stripe(entry.hash());
        synchronized (stripe) {
            @Nullable Entry[] slots = stripe.places.slots;
            int mask = slots.length - 1;
            for (int i = (int) entry.hash() & mask; slots[i] != null; i = i + 1 & mask) {
                if (slots[i] == entry) {
                    SLOT.setRelease(slots, i, Entry.REMOVED);
                    stripe.live--;
                    return;
                }
            }
        }
    }

    long size() {
        long size = 0;
        for (Stripe stripe : stripes) {
            size += stripe.live;
        }
        return size;
    }

    /** How many places there are, taken or not. */
    long slots() {
        long slots = 0;
        for (Stripe stripe : stripes) {
            slots += stripe.places.slots.length;
        }
        return slots;
    }

    /** How many parts {@link #sweep} goes round in. */
    int parts() {
        return stripes.length;
    }

    /**
     * Shows some entries of a part to the visitor, going on where the last call for the part ended; at most one round, and not on
     * and on through slots that are empty.
     */
    void sweep(int part, int most, Consumer<Entry> visitor) {
        Stripe stripe = stripes[part];
        @Nullable Entry[] slots = stripe.places.slots;
        int shown = 0;
        int hand = stripe.hand;
        int looks = (int) Math.min(slots.length, (long) most * LOOKS_PER_ENTRY);
        for (int looked = 0; looked < looks && shown < most; looked++) {
            hand = hand + 1 & slots.length - 1;
            Entry entry = (Entry) SLOT.getAcquire(slots, hand);
            if (entry != null && entry != Entry.REMOVED) {
                visitor.accept(entry);
                shown++;
            }
        }
        stripe.hand = hand;
        if (isTooLarge(stripe)) {
            shrink(stripe);
        }
    }

    private static boolean isTooLarge(Stripe stripe) {
        int length = stripe.places.slots.length;
        return length > SMALLEST && stripe.live < length / LOOKS_PER_ENTRY;
    }

    private static void shrink(Stripe stripe) {
        synchronized (stripe) {
            if (isTooLarge(stripe)) {
                rebuild(stripe);
            }
        }
    }

    /** Shows every entry that is there all the while. */
    void forEach(Consumer<Entry> visitor) {
        walk().goOn(Integer.MAX_VALUE, visitor);
    }

    /** Shows every entry that is there from its begin to its end, some at a time. */
    Walk walk() {
        return new Walk();
    }

    /** Stands at a place of the table, as far as it has come; for one thread. */
    final class Walk {
        private int part = -1;
        private @Nullable Entry[] slots = new Entry[0];
        private int at;

        private Walk() {}

        /** Goes on for so many places; how many there were, 0 at the end. */
        int goOn(int most, Consumer<Entry> visitor) {
            int looked = 0;
            while (looked < most) {
                if (at == slots.length) {
                    if (part + 1 == stripes.length) {
                        return looked;
                    }
                    // As they are now; what is made anew later holds these and newer ones.
                    slots = stripes[++part].places.slots;
                    at = 0;
                }
                Entry entry = (Entry) SLOT.getAcquire(slots, at++);
                if (entry != null && entry != Entry.REMOVED) {
                    visitor.accept(entry);
                }
                looked++;
            }
            return looked;
        }
    }

    private Stripe stripe(long hash) {
        return stripes[(int) (hash >>> 64 - STRIPE_BITS)];
    }

    /** Without what was removed, and large enough to be half empty; readers of the old slots find what they held. */
    private static void rebuild(Stripe stripe) {
        int length = SMALLEST;
        while (length < (stripe.live + 1) * 2) {
            length *= 2;
        }
        Places fresh = new Places(length);
        for (Entry entry : stripe.places.slots) {
            if (entry != null && entry != Entry.REMOVED) {
                fresh.put(entry);
            }
        }
        stripe.taken = stripe.live;
        stripe.places = fresh;
    }
}
