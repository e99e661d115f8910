package io.sluice.node.proxy;

import io.sluice.node.http2.ErrorCode;
import io.sluice.node.upstream.UpstreamConnection;
import org.jspecify.annotations.Nullable;

/** The gRPC status of an HTTP status that the gateway gives itself: as Kong maps them, and an upstream that failed is unavailable. */
final class GrpcStatus {

    private GrpcStatus() {}

    /** The same for a request that no route was found for: nobody implements what it calls. */
    static String ofUnrouted(int status) {
        return status == 404 ? "12" : of(status);
    }

    /** The status of a call whose stream the upstream has reset, or that has lost its connection. */
    static String ofReset(@Nullable UpstreamConnection connection) {
        int code = connection == null ? -1 : connection.resetCode();
        if (code < 0) {
            return "14";
        }
        return switch (ErrorCode.of(code)) {
            case REFUSED_STREAM -> "14";
            case CANCEL -> "1";
            case ENHANCE_YOUR_CALM -> "8";
            case INADEQUATE_SECURITY -> "7";
            default -> "13";
        };
    }

    static String of(int status) {
        return switch (status) {
            case 200 -> "0";
            case 401 -> "16";
            case 403 -> "7";
            case 404 -> "5";
            case 409 -> "6";
            case 429 -> "8";
            case 499 -> "1";
            case 501 -> "12";
            case 502, 503 -> "14";
            case 504 -> "4";
            default -> status >= 500 ? "13" : "3";
        };
    }
}
