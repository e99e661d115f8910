package io.sluice.node.config.document;

import com.google.re2j.PatternSyntaxException;
import com.nimbusds.jose.jwk.JWK;
import io.sluice.node.tls.KeyPairs;
import io.sluice.node.tls.PemReader;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.VaultReference;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.PatternSize;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a well-formed object's values must be good for: certificates and keys that load and fit, expressions that compile. */
final class ContentChecks {

    private static final Set<String> PUBLIC_KEY_ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA");

    private static final String EXPRESSION = "Router Expression failed validation: ";

    private final RouterFlavor flavor;
    private final InstantSource clock;

    ContentChecks(RouterFlavor flavor, InstantSource clock) {
        this.flavor = flavor;
        this.clock = clock;
    }

    /**
     * Adds what is wrong with the tree to the errors, in the shape of the schema's. Of a tree that breaks the schema, only what
     * does not is to be given.
     */
    void run(EntityKind kind, Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        switch (kind) {
            case ROUTE -> route(tree, errors);
            case CERTIFICATE -> certificate(tree, errors);
            case CA_CERTIFICATE -> authority(tree, errors);
            case KEY -> key(tree, errors);
            case JWT_SECRET -> jwtSecret(tree, errors);
            default -> {}
        }
    }

    private void route(Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        List<@Nullable Object> paths = new ArrayList<>();
        for (Object path : list(tree.get("paths"))) {
            String text = String.valueOf(path);
            paths.add(text.startsWith("~") ? regexError(text.substring(1), errors) : null);
        }
        putIfAny("paths", paths, errors);
        if (tree.get("headers") instanceof Map<?, ?> headers) {
            headers.values().forEach(values -> headerRegexes(list(values), errors));
        }
        if (flavor == RouterFlavor.TRADITIONAL) {
            List<@Nullable Object> snis = new ArrayList<>();
            for (Object sni : list(tree.get("snis"))) {
                snis.add(String.valueOf(sni).contains("*") ? "invalid value: " + sni : null);
            }
            putIfAny("snis", snis, errors);
        }
    }

    private static void putIfAny(String field, List<@Nullable Object> found, Map<String, Object> errors) {
        if (found.stream().allMatch(error -> error == null)) {
            return;
        }
        List<@Nullable Object> all = new ArrayList<>(found);
        if (errors.get(field) instanceof List<?> before) {
            for (int i = 0; i < before.size(); i++) {
                Object error = before.get(i);
                if (error != null && i < all.size()) {
                    all.set(i, error);
                }
            }
        }
        errors.put(field, all);
    }

    private void headerRegexes(Collection<?> values, Map<String, Object> errors) {
        for (Object value : values) {
            String text = String.valueOf(value);
            String error = text.startsWith("~*") ? regexError(text.substring(2), errors) : null;
            if (error != null) {
                entity(errors, EXPRESSION + error);
            }
        }
    }

    /**
     * What is wrong with an expression; null if nothing is. Look-around and back references are fine for the traditional
     * router only; otherwise they are an error of the route as a whole, as in Kong.
     */
    private @Nullable String regexError(String regex, Map<String, Object> errors) {
        if (regex.length() <= PatternSize.MOST && isLiteral(regex)) {
            return null;
        }
        Optional<String> excess = PatternSize.excess(regex);
        if (excess.isPresent()) {
            return "invalid regex: it " + excess.get();
        }
        String linear;
        try {
            com.google.re2j.Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            linear = e.getDescription();
        }
        try {
            java.util.regex.Pattern.compile(regex.replace("(?P<", "(?<"));
        } catch (StackOverflowError e) {
            return "invalid regex: it is too long (expected: a shorter one)";
        } catch (java.util.regex.PatternSyntaxException e) {
            return "invalid regex: '" + regex + "' (" + linear + ")";
        }
        if (flavor != RouterFlavor.TRADITIONAL) {
            entity(errors, EXPRESSION + "'" + regex + "': " + linear);
        }
        return null;
    }

    /** Most are: what Ingresses say of a path becomes the path itself and a dollar. Nothing that could be wrong with it. */
    private static boolean isLiteral(String regex) {
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            boolean word = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!word && "/-_.~%$".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void certificate(Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        PublicKey first = pair(tree, errors, "cert", "key", "certificate does not match key");
        PublicKey second = pair(tree, errors, "cert_alt", "key_alt", "alternative certificate does not match key");
        if (first != null && second != null && first.getAlgorithm().equals(second.getAlgorithm())) {
            entity(
                    errors,
                    "certificate and alternative certificate need to have different type (e.g. RSA and ECDSA), "
                            + "the provided certificates were both of the same type");
        }
    }

    /** The public key of the certificate if it and its key are given and can be read. */
    private static @Nullable PublicKey pair(
            Map<String, @Nullable Object> tree, Map<String, Object> errors, String cert, String key, String mismatch) {
        PublicKey open = null;
        if (literal(tree.get(cert)) instanceof String pem) {
            try {
                open = PemReader.certificates(pem).get(0).getPublicKey();
            } catch (GeneralSecurityException e) {
                errors.put(cert, "invalid certificate: " + reason(e));
            }
        }
        if (literal(tree.get(key)) instanceof String pem) {
            try {
                var secret = PemReader.privateKey(pem);
                if (open != null && !KeyPairs.match(open, secret)) {
                    entity(errors, mismatch);
                }
            } catch (GeneralSecurityException e) {
                errors.put(key, "invalid key: " + reason(e));
            }
        }
        return open;
    }

    private void authority(Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        if (!(literal(tree.get("cert")) instanceof String pem)) {
            return;
        }
        try {
            List<X509Certificate> certificates = PemReader.certificates(pem);
            X509Certificate certificate = certificates.get(0);
            if (certificates.size() > 1) {
                entity(errors, "please submit only one certificate at a time");
            } else if (certificate.getNotAfter().toInstant().isBefore(clock.instant())) {
                entity(errors, "certificate expired, \"Not After\" time is in the past");
            } else if (certificate.getBasicConstraints() < 0) {
                entity(
                        errors,
                        "certificate does not appear to be a CA because it is missing the \"CA\" basic constraint");
            }
        } catch (GeneralSecurityException e) {
            errors.put("cert", "invalid certificate: " + reason(e));
        }
    }

    private static void key(Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        if (literal(tree.get("jwk")) instanceof String json) {
            try {
                JWK jwk = JWK.parse(json);
                if (!String.valueOf(tree.get("kid")).equals(jwk.getKeyID())) {
                    entity(errors, "kid in jwk.kid must be equal to keys.kid");
                }
            } catch (ParseException e) {
                entity(
                        errors,
                        isJson(json)
                                ? "could not load JWK, likely not a valid key"
                                : "could not json decode jwk string");
            }
        }
        if (tree.get("pem") instanceof Map<?, ?> pem) {
            String error = pemError(literal(pem.get("public_key")), literal(pem.get("private_key")));
            if (error != null) {
                errors.put("pem", error);
            }
        }
    }

    private static boolean isJson(String text) {
        try {
            return JsonDocument.read(text, DocumentLimits.DEFAULT) instanceof Map<?, ?>;
        } catch (DocumentException e) {
            return false;
        }
    }

    private static @Nullable String pemError(@Nullable Object open, @Nullable Object secret) {
        PublicKey publicKey = null;
        if (open instanceof String pem) {
            try {
                publicKey = PemReader.publicKey(pem);
            } catch (GeneralSecurityException e) {
                return "could not load public key";
            }
        }
        if (secret instanceof String pem) {
            try {
                var privateKey = PemReader.privateKey(pem);
                return publicKey == null || KeyPairs.match(publicKey, privateKey)
                        ? null
                        : "public key does not match private key";
            } catch (GeneralSecurityException e) {
                return "could not load private key";
            }
        }
        return null;
    }

    private static void jwtSecret(Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        if (!PUBLIC_KEY_ALGORITHMS.contains(String.valueOf(tree.get("algorithm")))
                || !(tree.get("rsa_public_key") instanceof String pem)) {
            return;
        }
        try {
            PemReader.publicKey(pem);
        } catch (GeneralSecurityException e) {
            errors.put("rsa_public_key", "invalid key");
            entity(errors, "failed conditional validation given value of field 'algorithm'");
        }
    }

    /** The value unless it stands for a secret that is not known yet. */
    private static @Nullable Object literal(@Nullable Object value) {
        return value instanceof String text && VaultReference.isOne(text) ? null : value;
    }

    private static String reason(GeneralSecurityException e) {
        // Only our own messages are sure not to quote what was given.
        return e.getCause() == null && e.getMessage() != null && !e.getMessage().contains(":")
                ? e.getMessage()
                : "cannot be read";
    }

    private static Collection<?> list(@Nullable Object value) {
        return value instanceof Collection<?> many ? many : List.of();
    }

    @SuppressWarnings("unchecked")
    private static void entity(Map<String, Object> errors, String message) {
        List<String> all = new ArrayList<>((List<String>) errors.getOrDefault("@entity", List.of()));
        all.add(message);
        errors.put("@entity", all);
    }
}
