package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.HeaderName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Edits change what they name and nothing else: held against a list of lines. */
class HeaderEditsProperties {

    private static final HeadLimits LIMITS = new HeadLimits(1 << 20, 100, 1000, 1000);

    private final ResponseHead head = new ResponseHead();
    private final HeaderEdits edits = new HeaderEdits();

    /** A change to a head. */
    private record Edit(Kind kind, String name, String value) {
        enum Kind {
            ADD,
            SET,
            REMOVE
        }
    }

    private void begin(List<String> lines) {
        String text = "HTTP/1.1 200 OK\r\n" + joined(lines) + "\r\n";
        byte[] bytes = Bytes.of(text);
        assertThat(head.parse(bytes, 0, bytes.length, false, LIMITS)).isEqualTo(bytes.length);
        edits.reset(head.fields());
    }

    private String written() {
        ByteWriter out = new ByteWriter(16);
        edits.write(out);
        return Bytes.text(out);
    }

    private static String joined(List<String> lines) {
        return lines.stream().map(line -> line + "\r\n").collect(Collectors.joining());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void withoutEditsEveryByteIsKept(@ForAll("lines") List<String> lines) {
        begin(lines);

        assertThat(written()).isEqualTo(joined(lines));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void droppedLinesGoAndTheOthersStayAsTheyWere(@ForAll("lines") List<String> lines, @ForAll long bits) {
        begin(lines);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if ((bits >>> (i % 61) & 1) == 1) {
                edits.drop(i);
            } else {
                kept.add(lines.get(i));
            }
        }

        assertThat(written()).isEqualTo(joined(kept));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void editsDoWhatAListOfLinesWouldDo(@ForAll("lines") List<String> lines, @ForAll("edits") List<Edit> changes) {
        begin(lines);
        List<String> model = new ArrayList<>(lines);
        for (Edit edit : changes) {
            HeaderName name = HeaderName.of(edit.name());
            if (edit.kind() != Edit.Kind.ADD) {
                model.removeIf(line -> named(line, edit.name()));
            }
            if (edit.kind() != Edit.Kind.REMOVE) {
                model.add(edit.name() + ": " + edit.value());
            }
            switch (edit.kind()) {
                case ADD -> edits.add(name, edit.value());
                case SET -> edits.set(name, edit.value());
                case REMOVE -> edits.remove(name);
            }
        }

        assertThat(written()).isEqualTo(joined(model));
        for (String name : List.of("a", "X-B", "c")) {
            List<String> values = model.stream()
                    .filter(line -> named(line, name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .toList();
            assertThat(edits.all(HeaderName.of(name))).isEqualTo(values);
            assertThat(edits.first(HeaderName.of(name)))
                    .isEqualTo(values.stream().findFirst());
            assertThat(edits.contains(HeaderName.of(name))).isEqualTo(!values.isEmpty());
        }
        List<String> visited = new ArrayList<>();
        edits.forEach((name, value) -> visited.add(name));
        assertThat(visited)
                .isEqualTo(
                        model.stream().map(l -> l.substring(0, l.indexOf(':'))).toList());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aNewMessageKnowsNothingOfTheOneBefore(
            @ForAll("lines") List<String> before,
            @ForAll("edits") List<Edit> changes,
            @ForAll("lines") List<String> lines) {
        begin(before);
        for (int i = 0; i < before.size(); i += 2) {
            edits.drop(i);
        }
        changes.forEach(edit -> edits.set(HeaderName.of(edit.name()), edit.value()));

        begin(lines);

        assertThat(written()).isEqualTo(joined(lines));
    }

    private static boolean named(String line, String name) {
        return line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> name = Arbitraries.of("a", "A", "x-b", "X-B", "C", "Via", "Set-Cookie", "a_");
        Arbitrary<String> value = Arbitraries.of("1", " 2", "  3 \t", "", "\t", " \u00ff\u0080 x", " a: b");
        return Combinators.combine(name, value).as((n, v) -> n + ":" + v).list().ofMaxSize(150);
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Combinators.combine(
                        Arbitraries.of(Edit.Kind.values()),
                        Arbitraries.of("a", "A", "X-b", "c", "d"),
                        Arbitraries.of("1", "z", "\u00e9"))
                .as(Edit::new)
                .list()
                .ofMaxSize(20);
    }
}
