package io.sluice.node.upstream.probe;

import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.stream.StreamTcpException;

/** Why a connection failed, in a few words. */
final class Reason {

    /** How Pekko's streams tell what the socket said. */
    private static final Pattern TOLD = Pattern.compile("because of [\\w.$]+: (.+)", Pattern.DOTALL);

    private Reason() {}

    static String of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        Matcher told = TOLD.matcher(message);
        return cause instanceof StreamTcpException && told.find() ? told.group(1) : message;
    }
}
