package io.sluice.k8s.translate;

import io.sluice.k8s.api.ClusterObjects;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Objects and documents as files. */
final class YamlFiles {

    private YamlFiles() {}

    static ClusterObjects objects(Path... files) {
        List<Decoded> decoded = new ArrayList<>();
        for (Path file : files) {
            for (Object tree : yaml().loadAll(text(file))) {
                if (tree instanceof Map<?, ?> map) {
                    ObjectDecoder.decode(map).ifPresent(decoded::add);
                }
            }
        }
        return ClusterObjects.of(decoded);
    }

    static Object tree(String text) {
        return yaml().load(text);
    }

    static String write(Object tree) {
        return yaml().dump(tree);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Yaml yaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(200);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setDereferenceAliases(true);
        return new Yaml(
                new SafeConstructor(new LoaderOptions()),
                new Representer(options),
                options,
                new LoaderOptions(),
                new Resolver());
    }
}
