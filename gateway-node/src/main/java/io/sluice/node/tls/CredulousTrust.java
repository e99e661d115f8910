package io.sluice.node.tls;

import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;

/** Trusts everybody: Kong's default towards upstreams. */
final class CredulousTrust extends EngineTrust {

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        // nothing is verified
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
