package io.sluice.node.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** The body of an error that the gateway itself makes, in the media type the client accepts (kong-3, section 3.6). */
record ErrorBody(String contentType, ByteString bytes) {

    private static final String JSON = "application/json";
    private static final String HTML = "text/html";
    private static final String XML = "application/xml";
    private static final String PLAIN = "text/plain";

    /**
     * Renders the body.
     *
     * @param accept the request's Accept field
     * @param fallback the media type if Accept does not decide
     */
    static ErrorBody of(String message, String requestId, Optional<String> accept, String fallback) {
        String type = accept.map(ErrorBody::best).orElse(fallback);
        String text = switch (type) {
            case JSON -> "{\n  \"message\":\"" + json(message) + "\",\n  \"request_id\":\"" + requestId + "\"\n}";
            case HTML ->
                "<!doctype html>\n<html>\n  <head>\n    <meta charset=\"utf-8\">\n    <title>Error</title>\n"
                        + "  </head>\n  <body>\n    <h1>Error</h1>\n    <p>" + markup(message) + ".</p>\n"
                        + "    <p>request_id: " + requestId + "</p>\n  </body>\n</html>\n";
            case XML ->
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<error>\n  <message>" + markup(message)
                        + "</message>\n  <requestid>" + requestId + "</requestid>\n</error>\n";
            default -> message + "\nrequest_id: " + requestId + "\n";
        };
        return new ErrorBody(
                type + "; charset=utf-8", ByteString.fromArrayUnsafe(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The media type of a nginx-type error without Accept: by the request's own type, else the setting. */
    static String fallback(Optional<String> contentType, String setting) {
        return contentType.map(ErrorBody::best).orElse(setting);
    }

    /** The type with the highest weight, the first of equal ones; a type that is not on offer counts as JSON, as in Kong. */
    private static String best(String accept) {
        String best = JSON;
        double bestWeight = 0;
        for (String element : accept.split(",", -1)) {
            int slash = element.indexOf('/');
            double weight = slash < 0 ? 0 : weight(element);
            if (weight > bestWeight) {
                best = offered(element);
                bestWeight = weight;
            }
        }
        return best;
    }

    private static String offered(String element) {
        int end = element.indexOf(';');
        String type = (end < 0 ? element : element.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case HTML -> HTML;
            case XML -> XML;
            case "text/*", PLAIN -> PLAIN;
            default -> JSON;
        };
    }

    private static double weight(String element) {
        int at = element.indexOf("q=");
        if (at < 0) {
            return 1;
        }
        int end = element.indexOf(';', at);
        try {
            return Double.parseDouble(
                    element.substring(at + 2, end < 0 ? element.length() : end).strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String json(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String markup(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
