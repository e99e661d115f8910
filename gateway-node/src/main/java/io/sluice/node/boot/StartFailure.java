package io.sluice.node.boot;

import io.sluice.state.model.Problem;
import java.util.List;

/** Why a command ended without doing its work, for a person to read. */
final class StartFailure extends Exception {

    private final int exitCode;
    private final transient List<String> lines;

    StartFailure(int exitCode, List<String> lines) {
        super(String.join("\n", lines));
        this.exitCode = exitCode;
        this.lines = lines;
    }

    /** Wrong settings or configuration: one line each. */
    static StartFailure of(List<Problem> problems) {
        return new StartFailure(
                Main.WRONG, problems.stream().map(Problem::toString).toList());
    }

    static StartFailure wrong(String line) {
        return new StartFailure(Main.WRONG, List.of(line));
    }

    int exitCode() {
        return exitCode;
    }

    List<String> lines() {
        return lines;
    }
}
