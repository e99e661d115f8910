package io.sluice.node.plugin;

/** A field line; the value has no CR, LF or NUL and is one char per byte (ISO 8859-1). */
public record Header(HeaderName name, String value) {

    public Header {
        HeaderName.requireValue(value);
    }
}
