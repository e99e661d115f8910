package io.sluice.node.settings;

import io.sluice.node.settings.TlsSettings.Crypto;
import io.sluice.node.settings.TlsSettings.KeyPairFiles;
import io.sluice.node.tls.CipherSuites;
import io.sluice.node.tls.CipherSuites.Preset;
import io.sluice.node.tls.TlsRules;
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

    /** About what one kept session takes. */
    private static final int SESSION_BYTES = 2 * 1024;

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
                rules(values),
                crypto(values),
                values.flag("proxy_ssl_verify"),
                authorities.contains("system"),
                values.files("lua_ssl_trusted_certificate", "system"),
                values.whole("lua_ssl_verify_depth", 0, 100));
    }

    private static Crypto crypto(Values values) {
        return switch (values.word("ssl_crypto", "auto", "jdk", "native")) {
            case "native" -> Crypto.NATIVE;
            case "jdk" -> Crypto.JDK;
            default -> Crypto.AUTO;
        };
    }

    private static TlsRules rules(Values values) {
        String name = values.word("ssl_cipher_suite", "modern", "intermediate", "old", "fips", "custom");
        List<String> protocols = protocols(values);
        values.text("ssl_ciphers");
        List<String> custom = values.parsed("ssl_ciphers", CipherSuites::parse);
        boolean serverPrefers = values.flag("ssl_prefer_server_ciphers");
        Preset preset = CipherSuites.preset(name).orElseGet(() -> new Preset(protocols, custom, serverPrefers));
        List<String> offered = preset.protocols();
        if (values.isGiven("ssl_protocols")) {
            offered = offered.stream().filter(protocols::contains).toList();
        }
        if (offered.isEmpty()) {
            values.refuse(
                    "ssl_protocols",
                    "none of those of ssl_cipher_suite " + name + " (expected: one of "
                            + String.join(", ", preset.protocols()) + ", or ssl_cipher_suite custom)");
        }
        long sessions = values.size("ssl_session_cache_size") / SESSION_BYTES;
        return new TlsRules(
                offered,
                preset.suites(),
                preset.serverPrefers(),
                values.time("ssl_session_timeout"),
                (int) Math.min(sessions, Integer.MAX_VALUE),
                values.flag("ssl_session_tickets"));
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
