package io.sluice.node.upstream.probe;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;

/** The first line of an answer to a probe, read as leniently as Kong does. */
final class StatusLine {

    /** A line that is longer is no status line. */
    static final int MOST_BYTES = 8192;

    /** The status of what is not a status line. */
    static final int NONE = 0;

    private static final Pattern LINE = Pattern.compile("(?i)HTTP/\\d+\\.\\d+[ \\t]+(\\d{1,4})(?!\\d)");

    private StatusLine() {}

    /** Whether no more needs to be read. */
    static boolean isWhole(ByteString begun) {
        return begun.size() > MOST_BYTES || begun.indexOf((byte) '\n') >= 0;
    }

    /** The status, up to 9999, or {@link #NONE}. */
    static int status(ByteString line) {
        Matcher matcher = LINE.matcher(line.decodeString(StandardCharsets.ISO_8859_1));
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : NONE;
    }
}
