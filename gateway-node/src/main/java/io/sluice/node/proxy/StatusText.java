package io.sluice.node.proxy;

import java.nio.charset.StandardCharsets;

/** The reason phrases of RFC 9110 section 15, as nginx words them. */
final class StatusText {

    private static final byte[][] LINES = lines();

    private StatusText() {}

    /** {@code HTTP/1.1 404 Not Found} and its line end. */
    static byte[] line(int status) {
        byte[] line = status >= 100 && status < LINES.length ? LINES[status] : null;
        return line != null ? line : ("HTTP/1.1 " + status + " \r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[][] lines() {
        byte[][] lines = new byte[600][];
        for (int status = 100; status < 600; status++) {
            lines[status] = ("HTTP/1.1 " + status + " " + text(status) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }
        return lines;
    }

    private static String text(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 101 -> "Switching Protocols";
            case 103 -> "Early Hints";
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Moved Temporarily";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 402 -> "Payment Required";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Not Allowed";
            case 406 -> "Not Acceptable";
            case 408 -> "Request Time-out";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 413 -> "Request Entity Too Large";
            case 414 -> "Request-URI Too Large";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Requested Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Temporarily Unavailable";
            case 504 -> "Gateway Time-out";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
