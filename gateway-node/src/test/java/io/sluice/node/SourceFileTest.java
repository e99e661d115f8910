package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What only the sources of all modules show: their size, their package texts, and where versions are written. */
class SourceFileTest {
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_METHOD_LINES = 60;
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void noFileIsLongerThan500Lines() {
        var tooLong = sources("src").filter(file -> lines(file).size() > MAX_FILE_LINES);

        assertThat(tooLong).isEmpty();
    }

    @Test
    void noMethodIsLongerThan60Lines() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var tooLong = new ArrayList<String>();

        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources("src/main").toList());
            var task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
            var trees = Trees.instance(task);
            for (var unit : task.parse()) {
                unit.accept(longMethods(trees, unit, tooLong), null);
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        var unmarked = sources("src/main")
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !isNullMarked(folder.resolve("package-info.java")));

        assertThat(unmarked).isEmpty();
    }

    @Test
    void onlyTheRootPomNamesVersions() {
        Predicate<String> names = line -> line.contains("<version>") && !line.contains("${");
        var naming = modules()
                .map(module -> module.resolve("pom.xml"))
                .filter(pom -> lines(pom).stream().filter(names).count() > 1); // one is the parent's

        assertThat(naming).isEmpty();
    }

    private static TreeScanner<Void, Void> longMethods(Trees trees, CompilationUnitTree unit, List<String> found) {
        return new TreeScanner<>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                if (method.getBody() != null) {
                    var positions = trees.getSourcePositions();
                    long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method.getBody()));
                    long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method.getBody()));
                    if (last - first >= MAX_METHOD_LINES) {
                        found.add(unit.getSourceFile().getName() + ":" + first + " " + method.getName());
                    }
                }
                return super.visitMethod(method, nothing);
            }
        };
    }

    private static boolean isNullMarked(Path packageInfo) {
        return Files.exists(packageInfo) && lines(packageInfo).contains("@NullMarked");
    }

    private static Stream<Path> modules() {
        return list(ROOT, 1, file -> Files.exists(file.resolve("pom.xml")) && !file.equals(ROOT)).stream();
    }

    private static Stream<Path> sources(String folder) {
        return modules()
                .map(module -> module.resolve(folder))
                .filter(Files::isDirectory)
                .flatMap(start ->
                        list(start, Integer.MAX_VALUE, file -> file.toString().endsWith(".java")).stream());
    }

    private static List<Path> list(Path start, int depth, Predicate<Path> wanted) {
        try (var files = Files.walk(start, depth)) {
            return files.filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
