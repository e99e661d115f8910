package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.Octets;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.node.plugins.transformer.Edits.Change;
import io.sluice.node.plugins.transformer.Edits.Rendered;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;

/** Changes arguments as queries and forms have them; what is not changed stays byte for byte. Stateless. */
final class FormEdits {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private FormEdits() {}

    /** An argument and its encoded text. */
    private record Argument(String name, String text) {

        static Argument of(String name, String value) {
            return new Argument(name, encode(Octets.of(name)) + "=" + encode(value));
        }

        Argument renamed(String to) {
            int equals = text.indexOf('=');
            return new Argument(to, encode(Octets.of(to)) + (equals < 0 ? "" : text.substring(equals)));
        }
    }

    static String apply(Rendered<String> edits, String text) {
        List<Argument> arguments = parse(text);
        edits.remove()
                .forEach(name -> arguments.removeIf(argument -> argument.name().equals(name)));
        edits.rename().forEach(change -> rename(change, arguments));
        edits.replace().forEach(change -> replace(change, arguments));
        for (Change<String> change : edits.add()) {
            if (arguments.stream().noneMatch(argument -> argument.name().equals(change.name()))) {
                arguments.add(Argument.of(change.name(), change.value()));
            }
        }
        edits.append().forEach(change -> arguments.add(Argument.of(change.name(), change.value())));
        StringJoiner joined = new StringJoiner("&");
        arguments.forEach(argument -> joined.add(argument.text()));
        return joined.toString();
    }

    private static void rename(Change<String> change, List<Argument> arguments) {
        if (arguments.stream().anyMatch(argument -> argument.name().equals(change.name()))) {
            arguments.removeIf(argument -> argument.name().equals(change.text()));
            arguments.replaceAll(
                    argument -> argument.name().equals(change.name()) ? argument.renamed(change.text()) : argument);
        }
    }

    /** The first takes the value, its repetitions go. */
    private static void replace(Change<String> change, List<Argument> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).name().equals(change.name())) {
                arguments.set(i, Argument.of(change.name(), change.value()));
                arguments
                        .subList(i + 1, arguments.size())
                        .removeIf(argument -> argument.name().equals(change.name()));
                return;
            }
        }
    }

    private static List<Argument> parse(String text) {
        List<Argument> arguments = new ArrayList<>();
        for (String piece : text.split("&")) {
            if (!piece.isEmpty()) {
                int equals = piece.indexOf('=');
                arguments.add(new Argument(UrlEncoded.decode(equals < 0 ? piece : piece.substring(0, equals)), piece));
            }
        }
        return arguments;
    }

    private static String encode(String octets) {
        StringBuilder encoded = new StringBuilder(octets.length() + 8);
        for (byte b : octets.getBytes(StandardCharsets.ISO_8859_1)) {
            boolean plain =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "-._~".indexOf(b) >= 0;
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
