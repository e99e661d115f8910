package io.sluice.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The image's layers in a folder, and processes that have this folder for their root: read-only but for /tmp, as the image's user, without
 * anything of this machine's files. Networks and processes are this machine's.
 *
 * @param bytes all layers uncompressed
 * @param user {@code number:number}
 * @param command what the image runs by itself
 */
record ContainerFolder(Path root, long bytes, String user, List<String> command, Map<String, String> environment) {

    private static final String ENTER = """
            PATH=/usr/sbin:/usr/bin:/sbin:/bin
            mount --bind "$1" "$1"
            mount -o remount,bind,ro "$1"
            @mounts@
            mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
            mount --rbind /dev "$1/dev"
            mount --rbind /proc "$1/proc"
            PATH=$IMAGE_PATH
            unset IMAGE_PATH
            exec /usr/sbin/chroot --userspec=@user@ "$@"
            """;

    /** Unpacks an image as `docker load` takes it. */
    static ContainerFolder unpack(Path image, Path folder) throws IOException, InterruptedException {
        Path parts = Files.createDirectories(folder.resolve("image"));
        Path root = Files.createDirectories(folder.resolve("root"));
        run("tar", "-xf", image.toString(), "-C", parts.toString());
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest =
                json.readTree(parts.resolve("manifest.json").toFile()).get(0);
        for (JsonNode layer : manifest.get("Layers")) {
            run(
                    "tar",
                    "--warning=no-unknown-keyword",
                    "-xpf",
                    parts.resolve(layer.asText()).toString(),
                    "-C",
                    root.toString());
        }
        JsonNode config = json.readTree(
                        parts.resolve(manifest.get("Config").asText()).toFile())
                .get("config");
        Map<String, String> environment = new LinkedHashMap<>();
        config.get("Env").forEach(one -> {
            String[] pair = one.asText().split("=", 2);
            environment.put(pair[0], pair[1]);
        });
        List<String> command = new ArrayList<>();
        for (String part : List.of("Entrypoint", "Cmd")) {
            if (config.hasNonNull(part)) {
                config.get(part).forEach(word -> command.add(word.asText()));
            }
        }
        return new ContainerFolder(root, size(root), config.get("User").asText(), command, environment);
    }

    private static long size(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            long sum = 0;
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    /** Whether this machine lets us run something in another root. */
    static boolean canRun() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "unshare", "--mount", "sh", "-euc", "mount -t tmpfs tmpfs /mnt && chroot / true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Starts a command of the image; variables of a pod are laid over the image's. */
    Process start(Map<String, String> variables, Path output, List<String> words) throws IOException {
        return start(variables, List.of(), output, words);
    }

    /** A folder of this machine at a place in the container. */
    record Mount(Path folder, String place, boolean readOnly) {

        private String command() {
            String bind = "mount --bind '" + folder + "' \"$1" + place + "\"";
            return readOnly ? bind + " && mount -o remount,bind,ro \"$1" + place + "\"" : bind;
        }
    }

    /** The same with the volumes of a pod. */
    Process start(Map<String, String> variables, List<Mount> mounts, Path output, List<String> words)
            throws IOException {
        for (Mount mount : mounts) {
            Files.createDirectories(Path.of(root + mount.place()));
        }
        String enter = ENTER.replace("@user@", user)
                .replace("@mounts@", mounts.stream().map(Mount::command).collect(Collectors.joining("\n")));
        List<String> line = new ArrayList<>(
                List.of("/usr/bin/unshare", "--mount", "/bin/sh", "-euc", enter, "sh", root.toString()));
        line.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(variables);
        builder.environment().put("IMAGE_PATH", environment.get("PATH"));
        return builder.start();
    }

    private static void run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + ": " + said);
        }
    }
}
