package io.sluice.node.config.document;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A parsed document as few bytes and back, for the way between nodes. Pure; costs processor time in proportion to the document. */
public final class PackedDocument {

    private static final JsonMapper JSON = new JsonMapper();

    private PackedDocument() {}

    /** The document's JSON, compressed. */
    public static byte[] pack(Map<String, @Nullable Object> root) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            JSON.writeValue(out, root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The document that was packed; empty if it is another one than that of the hash, none at all, or larger than documents may be.
     */
    public static Optional<Map<String, @Nullable Object>> unpack(byte[] packed, String hash) {
        int most = DocumentLimits.DEFAULT.characters();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] json = in.readNBytes(most + 1);
            String text = json.length > most ? "" : new String(json, StandardCharsets.UTF_8);
            return DeclarativeReader.hash(text).equals(hash)
                    ? Optional.of(EntityCheck.tree(JsonDocument.read(text, DocumentLimits.DEFAULT)))
                    : Optional.empty();
        } catch (IOException | DocumentException e) {
            return Optional.empty();
        }
    }
}
