package io.sluice.node.proxy;

import io.sluice.node.http.OutBuffer;
import io.sluice.node.http.WebSocketFrames;

/** How a cycle ends before its time, by where it stands. */
final class CycleEnd {

    private CycleEnd() {}

    /** The time to stop is over: what has not been answered is told so, what has been half answered is cut off. */
    static void cutOff(RequestCycle cycle, OutBuffer clientOut) {
        switch (cycle.state()) {
            case HEAD, DRAIN -> cycle.close();
            case DECIDING, COLLECT -> cycle.refuseBegun(ProxyFailure.STOPPED);
            case UPSTREAM -> {
                if (cycle.call().headDone()) {
                    cycle.abort();
                } else {
                    cycle.refuseBegun(ProxyFailure.STOPPED);
                }
            }
            case TUNNEL -> closeTunnel(cycle, clientOut);
            case CLOSING -> {}
        }
    }

    /** The gateway goes away: a client that is not in the middle of a frame is told so. */
    private static void closeTunnel(RequestCycle cycle, OutBuffer clientOut) {
        if (cycle.call().closable()) {
            clientOut.put(WebSocketFrames.goingAway());
            cycle.tunnelEnded(true);
        } else {
            cycle.abort();
        }
    }

    /** The client will send no more: a request that is whole is still answered. */
    static void clientEnded(RequestCycle cycle, boolean whole) {
        switch (cycle.state()) {
            case HEAD, DRAIN -> cycle.close();
            case TUNNEL -> cycle.call().tunnelInputEnded();
            case COLLECT -> cycle.clientGone();
            case UPSTREAM, DECIDING -> {
                if (!whole && cycle.port().inboxEmpty()) {
                    cycle.clientGone();
                }
            }
            case CLOSING -> {}
        }
    }
}
