package io.sluice.node.settings;

import io.sluice.node.settings.TlsSettings.KeyPairFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the node's own certificates and whom it trusts. */
final class TlsReader {

    private static final Map<String, String> JSSE_NAMES =
            Map.of("TLSv1", "TLSv1", "TLSv1.1", "TLSv1.1", "TLSv1.2", "TLSv1.2", "TLSv1.3", "TLSv1.3");

    private TlsReader() {}

    static TlsSettings read(Values values) {
        List<KeyPairFiles> client = pairs(values, "client_ssl_cert", "client_ssl_cert_key");
        boolean clientSsl = values.flag("client_ssl");
        if (clientSsl && client.isEmpty()) {
            values.refuse("client_ssl", "on without client_ssl_cert and client_ssl_cert_key (expected: both)");
        }
        List<String> authorities = values.list("lua_ssl_trusted_certificate");
        return new TlsSettings(
                pairs(values, "ssl_cert", "ssl_cert_key"),
                pairs(values, "admin_ssl_cert", "admin_ssl_cert_key"),
                clientSsl ? client.stream().findFirst() : Optional.empty(),
                protocols(values),
                authorities.contains("system"),
                values.files("lua_ssl_trusted_certificate", "system"),
                values.whole("lua_ssl_verify_depth", 0, 100));
    }

    private static List<String> protocols(Values values) {
        values.text("ssl_protocols");
        return values.parsed(
                "ssl_protocols",
                text -> Stream.of(text.split("[\\s,]+"))
                        .map(word -> Optional.ofNullable(JSSE_NAMES.get(word))
                                .orElseThrow(() -> new IllegalArgumentException("TLSv1.2 and TLSv1.3, or one of them")))
                        .toList());
    }

    private static List<KeyPairFiles> pairs(Values values, String certificates, String keys) {
        List<Path> chains = values.files(certificates, "");
        List<Path> secrets = values.files(keys, "");
        if (values.isGiven(certificates) != values.isGiven(keys)) {
            boolean lacksKey = values.isGiven(certificates);
            values.refuse(
                    lacksKey ? certificates : keys,
                    "set without " + (lacksKey ? keys : certificates) + " (expected: both)");
        } else if (chains.size() != secrets.size()) {
            values.refuse(keys, secrets.size() + " keys for " + chains.size() + " certificates (expected: one each)");
        }
        List<KeyPairFiles> pairs = new ArrayList<>();
        for (int i = 0; i < Math.min(chains.size(), secrets.size()); i++) {
            pairs.add(new KeyPairFiles(chains.get(i), secrets.get(i)));
        }
        return List.copyOf(pairs);
    }
}
