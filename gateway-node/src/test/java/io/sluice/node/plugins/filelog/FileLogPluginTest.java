package io.sluice.node.plugins.filelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.PluginContextFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileLogPluginTest {
    @TempDir
    private Path folder;

    @Test
    void appendsOneRecordPerLine() throws Exception {
        var path = folder.resolve("log");

        try (var context = PluginContextFixture.empty()) {
            var plugin = context.create(new FileLogPlugin.Factory(), Map.of("path", path.toString()));
            plugin.log(ExchangeFixture.get("/").logRecord("{\"a\":1}"));
            plugin.log(ExchangeFixture.get("/").logRecord("{\"a\":2}"));
        }

        assertThat(path).content().isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    }

    @Test
    void writesToANewFileAfterTheOldOneWasMovedIfItShallReopen() throws Exception {
        var path = folder.resolve("log");

        try (var context = PluginContextFixture.empty()) {
            var plugin = context.create(new FileLogPlugin.Factory(), Map.of("path", path.toString(), "reopen", true));
            plugin.log(ExchangeFixture.get("/").logRecord("1"));
            await().until(() -> Files.size(path) == 2);
            Files.move(path, folder.resolve("moved"));
            await().untilAsserted(() -> {
                plugin.log(ExchangeFixture.get("/").logRecord("2"));
                assertThat(path).exists().isNotEmptyFile();
            });
        }

        assertThat(path).content().startsWith("2\n");
    }

    @Test
    void refusesAFileThatCannotBeOpened() {
        var path = folder.resolve("no/such").toString();

        assertThatThrownBy(() -> PluginContextFixture.empty().create(new FileLogPlugin.Factory(), Map.of("path", path)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("path: '" + path + "' cannot be opened for appending");
    }

    @ParameterizedTest
    @CsvSource({"/tmp/a*b", "/tmp/`id`", "/tmp/a&b", "/tmp/100%"})
    void refusesNamesAsKongDoes(String path) {
        assertThat(new FileLogPlugin.Factory()
                        .settings()
                        .check(Map.of("path", path))
                        .error())
                .isEqualTo(Map.of("path", "not a valid filename"));
    }

    @Test
    void refusesLua() {
        var settings = Map.of("path", "/tmp/a", "custom_fields_by_lua", Map.of("x", "return 1"));

        assertThat(new FileLogPlugin.Factory().settings().check(settings).error())
                .isEqualTo(Map.of(
                        "custom_fields_by_lua", "is Lua code, which this gateway does not run (expected: empty)"));
    }
}
