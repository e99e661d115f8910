package io.sluice.node.settings;

import io.sluice.node.tls.TlsRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Certificates the node itself has; those of the configuration come on top.
 *
 * @param certificates shown to clients whose server name nothing else fits, usually one per key type; empty for a self-signed
 *     one
 * @param adminCertificates the same for the Admin API
 * @param client shown to upstreams unless the service names its own
 * @param rules what clients may use
 * @param crypto what computes handshakes
 * @param verifyUpstreams whether upstreams' certificates are verified unless the service says
 * @param trustSystem whether the runtime's own authorities verify upstreams
 * @param trusted PEM files of more authorities
 * @param verifyDepth longest chain accepted from an upstream, 0 to 100
 */
public record TlsSettings(
        List<KeyPairFiles> certificates,
        List<KeyPairFiles> adminCertificates,
        Optional<KeyPairFiles> client,
        TlsRules rules,
        Crypto crypto,
        boolean verifyUpstreams,
        boolean trustSystem,
        List<Path> trusted,
        int verifyDepth) {

    /** What computes handshakes: native code, Java, or native code where it is there. */
    public enum Crypto {
        AUTO,
        JDK,
        NATIVE
    }

    /** PEM files of a certificate chain and of its private key; both were readable when the settings were read. */
    public record KeyPairFiles(Path certificate, Path key) {}
}
