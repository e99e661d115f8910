package io.sluice.node.plugins.jwt;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * Why a request is refused.
 *
 * @param message in words, empty if only the body says it
 * @param body compact JSON
 */
record Refusal(String message, String body) {

    /** One sentence. */
    static Refusal of(String message) {
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(message));
        return new Refusal(message, "{\"message\":\"" + quoted + "\"}");
    }

    /** An object of claims and what is wrong with them. */
    static Refusal ofClaims(String json) {
        return new Refusal("", json);
    }
}
