package io.sluice.node.plugin;

/** The response on its way to the client; known from the response-head phase on. */
public interface Response {

    /** Who made it. */
    enum Source {
        /** The upstream. */
        SERVICE,
        /** The gateway itself or a plugin. */
        GATEWAY
    }

    int status();

    /** Changes the status; 200 to 599. */
    void status(int status);

    /** The head's fields; hop-by-hop ones and framing are the gateway's own and not listed. */
    MutableHeaders headers();

    Source source();

    /** Bytes sent to the client so far, head included. */
    long size();

    /** Bytes of the body sent to the client so far, without chunk framing: what the access log shows. */
    long bodySize();
}
