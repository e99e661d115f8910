package io.sluice.loadtest;

import java.io.IOException;

/** What a selector's key stands for; called on the selector's thread when its channel is ready. */
interface ReadyChannel {
    void ready() throws IOException;
}
