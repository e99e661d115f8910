package io.sluice.node.settings;

import io.sluice.state.model.Problem;
import java.util.List;

/** What came out of reading the settings. */
public sealed interface ReadSettings {

    /** Everything fits; the notices are worth a log line each once logs are set up. */
    record Accepted(NodeSettings settings, List<Notice> notices) implements ReadSettings {}

    /**
     * All that is wrong, at least one; nothing may be started.
     *
     * @param plugins the names that were given, for who knows which ones there are
     */
    record Refused(List<Problem> problems, List<String> plugins) implements ReadSettings {}

    /**
     * A key that was given and changes nothing.
     *
     * @param origin the name it was given by
     * @param unknown whether Kong does not know it either: a warning
     */
    record Notice(String origin, boolean unknown) {}
}
