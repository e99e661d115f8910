package io.sluice.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.translate.draft.ObjectProblem;
import io.sluice.k8s.translate.draft.TranslationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Objects in, document and problems out: one folder for each thing that translation does. {@code -Dgolden.update} writes what
 * comes out instead of comparing; look at it before it is kept. The first lines of {@code in.yaml} say what must come out.
 */
class TranslationGoldenTest {

    private static final Path GOLDEN = Path.of("src/test/golden");
    private static final boolean UPDATE = System.getProperty("golden.update") != null;
    private static final Translator TRANSLATOR = new Translator(new TranslationSettings("kong", ""), new SchemaRules());

    static Stream<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void translatesAsWritten(String name) throws IOException {
        Path folder = GOLDEN.resolve(name);

        Translation translation = TRANSLATOR.translate(YamlFiles.objects(folder.resolve("in.yaml")));

        compare(folder.resolve("out.yaml"), YamlFiles.write(translation.document()));
        compare(folder.resolve("problems.yaml"), YamlFiles.write(told(translation)));
    }

    @Test
    void everyThingTranslatedHasItsFolder() throws IOException {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(120);
    }

    private static void compare(Path file, String text) throws IOException {
        if (UPDATE) {
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(YamlFiles.text(file));
    }

    private static Map<String, Object> told(Translation translation) {
        List<Object> problems = new ArrayList<>();
        for (ObjectProblem problem : translation.problems()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("object", problem.object().toString());
            one.put("effect", problem.effect().name());
            one.put("field", problem.field());
            one.put("reason", problem.reason());
            problems.add(one);
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put(
                "programmed",
                translation.programmed().stream().map(ObjectRef::toString).toList());
        told.put("problems", problems);
        return told;
    }
}
