package io.sluice.node.plugins.acl;

import io.sluice.node.plugin.Header;
import java.util.List;
import java.util.Set;

/**
 * Names of groups and their form in a header.
 *
 * @param header the names joined by comma and space
 */
record Groups(List<String> names, String header) {

    static final Groups NONE = new Groups(List.of(), "");

    static Groups of(List<String> names) {
        return new Groups(List.copyOf(names), Header.encoded(String.join(", ", names)));
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** Whether one of the groups is among the others. */
    boolean meets(Set<String> others) {
        for (int i = 0; i < names.size(); i++) {
            if (others.contains(names.get(i))) {
                return true;
            }
        }
        return false;
    }
}
