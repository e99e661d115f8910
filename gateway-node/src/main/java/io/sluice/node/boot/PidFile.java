package io.sluice.node.boot;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The note a running node leaves in its prefix, for the commands that look for it.
 *
 * @param process its id
 * @param status URL of its Status API; empty if it has none
 */
record PidFile(long process, String status) {

    private static Path in(Path prefix) {
        return prefix.resolve("pids").resolve("sluice.pid");
    }

    /** Makes sure that a note can be left, before anything listens. */
    static void prepare(Path prefix) throws IOException {
        Path note = in(prefix);
        Files.createDirectories(note.getParent());
        if (!Files.isWritable(Files.exists(note) ? note : note.getParent())) {
            throw new AccessDeniedException(note.toString());
        }
    }

    /** Leaves the note of this process; a node that ran there before is forgotten. */
    static void write(Path prefix, String status) throws IOException {
        Files.createDirectories(in(prefix).getParent());
        Files.writeString(in(prefix), ProcessHandle.current().pid() + "\n" + status + "\n");
    }

    /** Takes the note of this process away; another's stays. */
    static void remove(Path prefix) {
        try {
            Optional<PidFile> note = read(prefix);
            if (note.isPresent()
                    && note.get().process == ProcessHandle.current().pid()) {
                Files.deleteIfExists(in(prefix));
            }
        } catch (IOException e) {
            // A stale note is harmless: readers check that the process lives.
        }
    }

    private static Optional<PidFile> read(Path prefix) {
        try {
            List<String> lines = Files.readAllLines(in(prefix));
            return Optional.of(new PidFile(Long.parseLong(lines.get(0)), lines.size() > 1 ? lines.get(1) : ""));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** The node that runs in the prefix. */
    static Optional<PidFile> running(Path prefix) {
        return read(prefix).filter(note -> note.handle().isPresent());
    }

    /** The node of another process that runs in the prefix; a restarted container's own number is no other. */
    static Optional<PidFile> another(Path prefix) {
        return running(prefix)
                .filter(note -> note.process != ProcessHandle.current().pid());
    }

    /** The process, if it lives and is one of ours or of unknown kind. */
    Optional<ProcessHandle> handle() {
        return ProcessHandle.of(process)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info()
                        .command()
                        .map(command -> command.endsWith("java"))
                        .orElse(true));
    }
}
