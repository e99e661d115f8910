package io.sluice.node.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Documents and what comes of them: {@code in.yaml} becomes {@code out.yaml} (the configuration as written back) or
 * {@code errors.yaml}. {@code -Dgolden.update} writes what came out instead of comparing.
 */
class DocumentGoldenTest {

    private static final Path ROOT = Path.of("src/test/golden/declarative");

    static Stream<Path> cases() throws IOException {
        return Files.list(ROOT).sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void comesOutAsItAlwaysDid(Path folder) throws IOException {
        ReadResult result = DocumentFixture.reader().read(Files.readString(folder.resolve("in.yaml")), TextFormat.YAML);

        boolean good = result.config().isPresent();
        String actual = good ? DeclarativeWriter.yaml(result.config().get()) : errors(result);

        Path golden = folder.resolve(good ? "out.yaml" : "errors.yaml");
        if (System.getProperty("golden.update") != null) {
            Files.writeString(golden, actual);
        }
        assertThat(golden).exists();
        assertThat(actual).isEqualTo(Files.readString(golden));
    }

    private static String errors(ReadResult result) {
        Map<String, Object> shown = new LinkedHashMap<>();
        List<String> problems =
                result.problems().stream().map(Problem::toString).toList();
        shown.put("problems", problems);
        shown.put("body", result.errors().body(false));
        shown.put("flattened", result.errors().body(true));
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(shown);
    }
}
