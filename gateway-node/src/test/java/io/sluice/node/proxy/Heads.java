package io.sluice.node.proxy;

import java.util.ArrayList;
import java.util.List;

/** Reads received heads in tests. */
final class Heads {

    private Heads() {}

    /** The values of a field, in order; names compared ignoring case. */
    static List<String> values(String head, String name) {
        List<String> values = new ArrayList<>();
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return values;
    }

    /** The target of a request head. */
    static String target(String head) {
        return head.split(" ", 3)[1];
    }
}
