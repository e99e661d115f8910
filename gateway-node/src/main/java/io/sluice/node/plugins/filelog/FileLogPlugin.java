package io.sluice.node.plugins.filelog;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.LineFile;
import io.sluice.node.plugin.LuaFields;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** Appends the log record of each exchange as a line to a file; never waits for the disk. */
public final class FileLogPlugin implements Plugin {

    private static final Rule FILE_NAME = Rules.custom(
            "match",
            value -> ((String) value).chars().noneMatch(c -> "*&%\\`".indexOf(c) >= 0 || c < ' '),
            "not a valid filename");

    /** The kind {@code file-log}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "file-log";
        }

        @Override
        public int priority() {
            return 9;
        }

        @Override
        public Schema settings() {
            return Schema.of(
                    Field.string("path", FILE_NAME).mandatory(),
                    Field.bool("reopen", false).mandatory(),
                    LuaFields.customFields());
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.LOG);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            Path path = Path.of(settings.string("path"));
            boolean reopen = settings.bool("reopen");
            return new FileLogPlugin(context.resource(new Key(path, reopen), () -> open(path, reopen)));
        }

        private static LineFile open(Path path, boolean reopen) {
            try {
                return new LineFile(path, reopen);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "path: '" + path + "' cannot be opened for appending (" + e.getMessage() + ")", e);
            }
        }

        private record Key(Path path, boolean reopen) {}
    }

    private final LineFile file;

    FileLogPlugin(LineFile file) {
        this.file = file;
    }

    @Override
    public void log(Exchange exchange) {
        byte[] record = exchange.logRecord();
        byte[] line = Arrays.copyOf(record, record.length + 1);
        line[record.length] = '\n';
        file.offer(line);
    }
}
