package io.sluice.node.proxy;

import io.sluice.node.http.BodySink;
import io.sluice.node.http.HeadFields;
import java.nio.ByteBuffer;

/** Takes a body that nobody wants. */
enum Discard implements BodySink {
    INSTANCE;

    @Override
    public void data(ByteBuffer piece) {
        // dropped
    }

    @Override
    public void end(HeadFields trailers) {
        // dropped
    }
}
