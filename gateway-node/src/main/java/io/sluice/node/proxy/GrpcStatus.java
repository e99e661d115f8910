package io.sluice.node.proxy;

/** The gRPC status of an HTTP status that the gateway gives itself, as Kong maps them. */
final class GrpcStatus {

    private GrpcStatus() {}

    /** The same for a request that no route was found for: nobody implements what it calls. */
    static String ofUnrouted(int status) {
        return status == 404 ? "12" : of(status);
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
            case 503 -> "14";
            case 504 -> "4";
            default -> status >= 500 ? "13" : "3";
        };
    }
}
