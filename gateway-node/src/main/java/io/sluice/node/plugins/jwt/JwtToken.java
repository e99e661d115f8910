package io.sluice.node.plugins.jwt;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A token as sent. Only {@code alg} and the claims are ever used; hints where to find keys (kid, jku, x5u, jwk) are not. */
sealed interface JwtToken {

    /** A token whose parts can be read; whether it is genuine is not known yet. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one verification
    record Read(Map<?, ?> header, Map<?, ?> claims, byte[] signed, byte[] signature) implements JwtToken {

        /** The signature algorithm it says it has. */
        String algorithm() {
            return String.valueOf(header.get("alg"));
        }

        /** A claim or else a field of the header; null without both. */
        @Nullable
        Object claimOrHeader(String name) {
            Object claim = claims.get(name);
            return claim == null ? header.get(name) : claim;
        }
    }

    /** Something else, and what is wrong with it. */
    record Broken(String reason) implements JwtToken {}

    /** Reads the compact form of RFC 7515. */
    static JwtToken parse(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            return new Broken("invalid JSON");
        }
        Object header = Json.decode(text.substring(0, first));
        Object claims = Json.decode(text.substring(first + 1, second));
        if (header == Json.BROKEN || claims == Json.BROKEN) {
            return new Broken("invalid JSON");
        }
        if (!(header instanceof Map<?, ?> fields)
                || !(fields.get("alg") instanceof String algorithm)
                || !SignatureCheck.ALGORITHMS.contains(algorithm)) {
            return new Broken("invalid alg");
        }
        if (fields.containsKey("crit")) {
            return new Broken("invalid crit"); // RFC 7515 4.1.11: extensions one does not know must be refused
        }
        if (!(claims instanceof Map<?, ?> values)) {
            return new Broken("invalid claims");
        }
        byte[] signature = Json.bytes(text.substring(second + 1));
        if (signature == null) {
            return new Broken("invalid signature");
        }
        return new Read(fields, values, text.substring(0, second).getBytes(StandardCharsets.ISO_8859_1), signature);
    }

    /** Base64url and JSON, strictly: a field given twice could mean one thing here and another at the upstream. */
    final class Json {
        private static final Object BROKEN = new Object();
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();

        private Json() {}

        private static @Nullable Object decode(String part) {
            byte[] bytes = bytes(part);
            if (bytes == null) {
                return BROKEN;
            }
            try {
                return MAPPER.readValue(bytes, Object.class);
            } catch (JacksonException e) {
                return BROKEN;
            } catch (IOException e) {
                throw new IllegalStateException("reading from memory", e);
            }
        }

        private static byte @Nullable [] bytes(String part) {
            try {
                return Base64.getUrlDecoder().decode(part);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }
}
