package io.sluice.state.health;

import java.util.Locale;

/** What a probe does. */
public enum ProbeType {
    /** Connects. */
    TCP,
    HTTP,
    HTTPS,
    GRPC,
    GRPCS;

    static ProbeType of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
