package io.sluice.node.tls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cipher suites by OpenSSL's names, as Kong's settings write them, and the sets that Kong has names for. */
public final class CipherSuites {

    private static final String INTERMEDIATE = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
            + "ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384";

    private static final String OLD = INTERMEDIATE
            + ":DHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:"
            + "ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA:"
            + "ECDHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA256:DHE-RSA-AES256-SHA256:AES128-GCM-SHA256:AES256-GCM-SHA384:"
            + "AES128-SHA256:AES256-SHA256:AES128-SHA:AES256-SHA:DES-CBC3-SHA";

    private static final String FIPS = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:"
            + "DHE-RSA-AES256-GCM-SHA384";

    /** Suites of TLS 1.3, of which OpenSSL's lists do not speak: they are always offered with that version. */
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

    private static final Map<String, String> BY_OPENSSL_NAME = names();

    private CipherSuites() {}

    /**
     * A named set.
     *
     * @param protocols JSSE names
     * @param suites JSSE names, the preferred one first
     * @param serverPrefers whether our order counts rather than the client's
     */
    public record Preset(List<String> protocols, List<String> suites, boolean serverPrefers) {}

    /** Kong's set of that name: modern, intermediate, old or fips. */
    public static Optional<Preset> preset(String name) {
        return switch (name) {
            case "modern" -> Optional.of(new Preset(List.of("TLSv1.3"), parse(""), false));
            case "intermediate" -> Optional.of(new Preset(List.of("TLSv1.2", "TLSv1.3"), parse(INTERMEDIATE), false));
            case "old" -> Optional.of(new Preset(List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"), parse(OLD), true));
            case "fips" -> Optional.of(new Preset(List.of("TLSv1.2", "TLSv1.3"), parse(FIPS), true));
            default -> Optional.empty();
        };
    }

    /**
     * JSSE's names of suites in OpenSSL's notation, those of TLS 1.3 first.
     *
     * @param list names with colons between them; may be empty
     * @throws IllegalArgumentException saying what was expected, if one is unknown
     */
    public static List<String> parse(String list) {
        List<String> suites = new ArrayList<>(TLS_1_3);
        for (String name : list.split("[:,\\s]+")) {
            String jsse = BY_OPENSSL_NAME.get(name);
            if (jsse != null) {
                suites.add(jsse);
            } else if (!name.isEmpty() && !TLS_1_3.contains(name)) {
                throw new IllegalArgumentException("names of cipher suites with colons between them, not '" + name
                        + "': " + String.join(", ", BY_OPENSSL_NAME.keySet()));
            }
        }
        return List.copyOf(suites);
    }

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String exchange : List.of("ECDHE-ECDSA", "ECDHE-RSA", "DHE-RSA")) {
            String prefix = "TLS_" + exchange.replace('-', '_') + "_WITH_";
            names.put(exchange + "-AES128-GCM-SHA256", prefix + "AES_128_GCM_SHA256");
            names.put(exchange + "-AES256-GCM-SHA384", prefix + "AES_256_GCM_SHA384");
            names.put(exchange + "-CHACHA20-POLY1305", prefix + "CHACHA20_POLY1305_SHA256");
            names.put(exchange + "-AES128-SHA256", prefix + "AES_128_CBC_SHA256");
            names.put(exchange + "-AES128-SHA", prefix + "AES_128_CBC_SHA");
            names.put(exchange + "-AES256-SHA", prefix + "AES_256_CBC_SHA");
            boolean elliptic = exchange.startsWith("EC");
            names.put(
                    exchange + (elliptic ? "-AES256-SHA384" : "-AES256-SHA256"),
                    prefix + (elliptic ? "AES_256_CBC_SHA384" : "AES_256_CBC_SHA256"));
        }
        String rsa = "TLS_RSA_WITH_";
        names.put("AES128-GCM-SHA256", rsa + "AES_128_GCM_SHA256");
        names.put("AES256-GCM-SHA384", rsa + "AES_256_GCM_SHA384");
        names.put("AES128-SHA256", rsa + "AES_128_CBC_SHA256");
        names.put("AES256-SHA256", rsa + "AES_256_CBC_SHA256");
        names.put("AES128-SHA", rsa + "AES_128_CBC_SHA");
        names.put("AES256-SHA", rsa + "AES_256_CBC_SHA");
        names.put("DES-CBC3-SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA");
        return names;
    }
}
