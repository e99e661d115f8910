package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.node.config.document.ReadResult;
import io.sluice.node.config.document.TextFormat;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugins.BuiltInPlugins;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Which plugins a node has. */
class ConfigCheckTest {

    private static final String USES_IT = "_format_version: '3.0'\nplugins:\n- name: foreign\n";

    @Test
    void aThirdPartysPluginIsThereOnceItIsNamed() throws Exception {
        ConfigCheck check = check("bundled,foreign");

        ReadResult result = check.reader().read(USES_IT, TextFormat.YAML);

        assertThat(names(check)).hasSize(BuiltInPlugins.all().size() + 1).contains("foreign", "key-auth");
        assertThat(result.problems()).isEmpty();
        assertThat(check.plugins().find("foreign")).get().isInstanceOf(ForeignPlugin.class);
    }

    @Test
    void bundledAreOnlyThoseThatComeWithTheGateway() throws Exception {
        ConfigCheck check = check("bundled");

        ReadResult result = check.reader().read(USES_IT, TextFormat.YAML);

        assertThat(names(check)).doesNotContain("foreign");
        assertThat(result.problems()).singleElement().asString().contains("foreign");
    }

    @Test
    void aThirdPartysPluginMayStandAlone() throws Exception {
        assertThat(names(check("foreign"))).containsExactly("foreign");
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThatExist() {
        StartFailure failure = catchThrowableOfType(StartFailure.class, () -> check("bundled,wrong"));

        assertThat(failure.lines()).singleElement().asString().contains("plugins: wrong", "foreign", "key-auth");
    }

    @Test
    void unknownNamesAreToldTogetherWithAllOtherProblems(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("kong.conf"), "log_level = loud\nplugins = bundled,wrong\n");
        GivenSettings given = new GivenSettings();
        new CommandLine(given).parseArgs("-c", file.toString());

        StartFailure failure = catchThrowableOfType(StartFailure.class, given::read);

        assertThat(failure.lines()).hasSize(2).anyMatch(line -> line.contains("log_level"));
        assertThat(failure.lines()).anyMatch(line -> line.contains("plugins: wrong"));
    }

    private static List<String> names(ConfigCheck check) {
        return check.plugins().all().stream().map(PluginFactory::name).toList();
    }

    private static ConfigCheck check(String plugins) throws StartFailure {
        NodeSettings settings = ((ReadSettings.Accepted)
                        SettingsReader.read(Map.of("KONG_PLUGINS", plugins), Map.of(), Optional.empty()))
                .settings();
        return ConfigCheck.of(settings, InstantSource.system());
    }
}
