package io.sluice.k8s.translate.annotation;

import io.sluice.k8s.translate.draft.Words;
import java.util.Locale;

/** An annotation whose value is that of a field. */
record FieldAnnotation(String key, String field, Form form) implements Annotation {

    /** How the value is written. */
    enum Form {
        /** As it is. */
        TEXT,
        /** A whole number. */
        NUMBER,
        /** {@code true} or {@code false}, in any case. */
        FLAG,
        /** The same, also as 1, 0, t or f. */
        SHORT_FLAG,
        /** Separated by commas. */
        LIST,
        /** Separated by commas, turned into upper case. */
        UPPER_LIST
    }

    @Override
    public void apply(Site site) {
        String value = site.value(key);
        if (value.isEmpty()) {
            return;
        }
        switch (form) {
            case TEXT -> site.set(key, field, value);
            case NUMBER -> number(site, value);
            case FLAG, SHORT_FLAG -> flag(site, value.toLowerCase(Locale.ROOT));
            case LIST -> site.set(key, field, Words.of(value));
            case UPPER_LIST -> site.set(key, field, Words.of(value.toUpperCase(Locale.ROOT)));
        }
    }

    private void number(Site site, String value) {
        try {
            site.set(key, field, (long) Integer.parseInt(value));
        } catch (NumberFormatException e) {
            site.bad(key, "expected: a whole number");
        }
    }

    private void flag(Site site, String value) {
        boolean brief = form == Form.SHORT_FLAG;
        if (value.equals("true") || brief && (value.equals("1") || value.equals("t"))) {
            site.set(key, field, true);
        } else if (value.equals("false") || brief && (value.equals("0") || value.equals("f"))) {
            site.set(key, field, false);
        } else {
            site.bad(key, "expected: true or false");
        }
    }
}
