package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.Octets;
import io.sluice.node.plugins.transformer.Edits.Change;
import io.sluice.node.plugins.transformer.Edits.Rendered;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes the parts of a multipart/form-data body (RFC 7578); parts that are not changed, files among them, stay byte for
 * byte. Stateless.
 */
final class MultipartEdits {

    private static final byte[] CRLF = {'\r', '\n'};

    private MultipartEdits() {}

    /** A part: its name and everything between the delimiter's line and the next delimiter. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Part(String name, byte[] bytes) {

        static Part simple(String name, String value) {
            String quoted = name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
            String text = "Content-Disposition: form-data; name=\"" + quoted + "\"\r\n\r\n";
            return new Part(name, (Octets.of(text) + value).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** The changed body; empty if it cannot be read as multipart. */
    static Optional<byte[]> apply(Rendered<String> edits, byte[] body, String contentType) {
        String boundary = parameter(contentType, "boundary");
        if (boundary == null || boundary.isEmpty()) {
            return Optional.empty();
        }
        byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        List<Part> parts = body.length == 0 ? new ArrayList<>() : parse(body, delimiter);
        if (parts == null) {
            return Optional.empty();
        }
        change(edits, parts);
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 256);
        for (Part part : parts) {
            out.writeBytes(delimiter);
            out.writeBytes(CRLF);
            out.writeBytes(part.bytes());
            out.writeBytes(CRLF);
        }
        out.writeBytes(delimiter);
        out.writeBytes(new byte[] {'-', '-', '\r', '\n'});
        return Optional.of(out.toByteArray());
    }

    private static void change(Rendered<String> edits, List<Part> parts) {
        edits.remove().forEach(name -> parts.removeIf(part -> part.name().equals(name)));
        edits.rename().forEach(change -> rename(change, parts));
        edits.replace().forEach(change -> replace(change, parts));
        for (Change<String> change : edits.add()) {
            if (parts.stream().noneMatch(part -> part.name().equals(change.name()))) {
                parts.add(Part.simple(change.name(), change.value()));
            }
        }
        edits.append().forEach(change -> parts.add(Part.simple(change.name(), change.value())));
    }

    /** As in Kong, a renamed part keeps its value only. */
    private static void rename(Change<String> change, List<Part> parts) {
        if (parts.stream().anyMatch(part -> part.name().equals(change.name()))) {
            parts.removeIf(part -> part.name().equals(change.text()));
            parts.replaceAll(part -> part.name().equals(change.name()) ? renamed(part, change.text()) : part);
        }
    }

    private static void replace(Change<String> change, List<Part> parts) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).name().equals(change.name())) {
                parts.set(i, Part.simple(change.name(), change.value()));
                parts.subList(i + 1, parts.size()).removeIf(part -> part.name().equals(change.name()));
                return;
            }
        }
    }

    private static Part renamed(Part part, String to) {
        int value = headEnd(part.bytes()) + 4;
        byte[] head = Part.simple(to, "").bytes();
        byte[] bytes = new byte[head.length + part.bytes().length - value];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(part.bytes(), value, bytes, head.length, part.bytes().length - value);
        return new Part(to, bytes);
    }

    private static @Nullable List<Part> parse(byte[] body, byte[] delimiter) {
        List<Part> parts = new ArrayList<>();
        int at = nextDelimiter(body, delimiter, 0);
        while (at >= 0) {
            int line = at + delimiter.length;
            if (line + 1 < body.length && body[line] == '-' && body[line + 1] == '-') {
                return parts;
            }
            int start = indexOf(body, CRLF, line) + CRLF.length;
            int next = start < CRLF.length ? -1 : nextDelimiter(body, delimiter, start);
            if (next < start + CRLF.length) {
                return null;
            }
            byte[] bytes = Arrays.copyOfRange(body, start, next - CRLF.length);
            String name = headEnd(bytes) < 0 ? null : name(bytes);
            if (name == null) {
                return null;
            }
            parts.add(new Part(name, bytes));
            at = next;
        }
        return null;
    }

    /** A delimiter at the begin of a line, or of the body. */
    private static int nextDelimiter(byte[] body, byte[] delimiter, int from) {
        int at = indexOf(body, delimiter, from);
        while (at > 0 && !(at >= 2 && body[at - 2] == '\r' && body[at - 1] == '\n')) {
            at = indexOf(body, delimiter, at + 1);
        }
        return at;
    }

    private static int headEnd(byte[] part) {
        return indexOf(part, new byte[] {'\r', '\n', '\r', '\n'}, 0);
    }

    private static @Nullable String name(byte[] part) {
        String head = new String(part, 0, headEnd(part), StandardCharsets.UTF_8);
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                return parameter(line, "name");
            }
        }
        return null;
    }

    /** A parameter of a header value, quotes taken off; null if it is not there. */
    private static @Nullable String parameter(String value, String name) {
        boolean quoted = false;
        int start = value.indexOf(';') + 1;
        if (start == 0) {
            return null;
        }
        for (int i = start; i <= value.length(); i++) {
            boolean end = i == value.length() || value.charAt(i) == ';' && !quoted;
            if (end) {
                String[] pair = value.substring(start, i).strip().split("=", 2);
                if (pair.length == 2 && pair[0].strip().equalsIgnoreCase(name)) {
                    String text = pair[1].strip();
                    boolean inQuotes = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
                    return inQuotes ? text.substring(1, text.length() - 1) : text;
                }
                start = i + 1;
            } else if (value.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return null;
    }

    private static int indexOf(byte[] in, byte[] wanted, int from) {
        for (int i = from; i <= in.length - wanted.length; i++) {
            if (Arrays.equals(in, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
