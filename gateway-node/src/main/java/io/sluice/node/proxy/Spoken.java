package io.sluice.node.proxy;

import io.sluice.node.settings.ListenSettings;

/** What the clients of a listener may speak. */
enum Spoken {
    HTTP1,
    /** HTTP/2 as well, from the first byte. */
    HTTP2,
    /** The same, or after a first request in HTTP/1.1 that asks for it. */
    HTTP2_BY_UPGRADE;

    static Spoken of(ListenSettings listen) {
        if (!listen.http2()) {
            return HTTP1;
        }
        return listen.upgrade() ? HTTP2_BY_UPGRADE : HTTP2;
    }
}
