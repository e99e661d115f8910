package io.sluice.node.proxy;

import io.sluice.node.settings.ClientSettings;
import io.sluice.node.settings.ProxySettings;
import java.time.Duration;

/** Settings of a gateway that differ from the usual ones in what clients may do. */
public final class ClientRules {

    private ClientRules() {}

    /** These, and else the usual ones. */
    public static ProxySettings of(ClientSettings client) {
        ProxySettings usual = ProxySettings.DEFAULT;
        return new ProxySettings(
                usual.trustedIps(),
                usual.realIpHeader(),
                usual.realIpRecursive(),
                usual.headers(),
                usual.errorDefaultType(),
                usual.portMaps(),
                usual.allowDebugHeader(),
                client,
                usual.pool());
    }

    /** Who is slow is waited for so briefly that a test can see the end of it. */
    public static ProxySettings impatient(int requests) {
        ClientSettings usual = ClientSettings.DEFAULT;
        return of(new ClientSettings(
                usual.headerBytes(),
                usual.requestLineBytes(),
                usual.headerLineBytes(),
                usual.headerCount(),
                0,
                Duration.ofMillis(600),
                Duration.ofMillis(500),
                1_000,
                Duration.ofMillis(700),
                Duration.ofMillis(500),
                requests,
                usual.connections()));
    }

    /** Handshakes and heads must be complete in time; bodies have no limit. */
    public static ProxySettings heads(Duration within) {
        ClientSettings usual = ClientSettings.DEFAULT;
        return of(new ClientSettings(
                usual.headerBytes(),
                usual.requestLineBytes(),
                usual.headerLineBytes(),
                usual.headerCount(),
                0,
                within,
                usual.bodyTimeout(),
                usual.minimumBodyRate(),
                usual.idleTimeout(),
                usual.sendTimeout(),
                usual.requests(),
                usual.connections()));
    }
}
