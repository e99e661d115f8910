package io.sluice.state.document;

import io.sluice.state.wire.WireMessage;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** One of each message about documents, as node 42 sends it. */
public final class DocumentSamples {

    private DocumentSamples() {}

    public static List<WireMessage> all() {
        return List.of(
                new PartWanted(42, "0123456789abcdef0123456789abcdef", 3),
                new DocumentPart(
                        42, "0123456789abcdef0123456789abcdef", 3, 300, ByteString.fromArray(new byte[] {1, -2, 3})));
    }
}
