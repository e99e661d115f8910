package io.sluice.node.route;

import java.util.HashMap;
import java.util.Map;

/**
 * A pattern with its named groups turned into numbered ones. java.util.regex knows neither {@code (?P<name>} nor names with
 * an underscore, and before Java 20 does not tell which names there are.
 */
record NumberedGroups(String pattern, Map<String, Integer> names) {

    static NumberedGroups of(String pattern) {
        return new Translation(pattern).run();
    }

    private static final class Translation {
        private final String in;
        private final StringBuilder out;
        private final Map<String, Integer> names = new HashMap<>();
        private int at;
        private int groups;
        private boolean inClass;

        Translation(String in) {
            this.in = in;
            this.out = new StringBuilder(in.length());
        }

        NumberedGroups run() {
            while (at < in.length()) {
                char c = in.charAt(at);
                if (c == '\\') {
                    escape();
                } else if (inClass || c != '(') {
                    inClass = c == '[' || inClass && c != ']';
                    out.append(c);
                    at++;
                } else {
                    open();
                }
            }
            return new NumberedGroups(out.toString(), Map.copyOf(names));
        }

        private void escape() {
            if (!inClass && in.startsWith("\\k", at) && at + 2 < in.length()) {
                int close = in.indexOf(closing(in.charAt(at + 2)), at + 3);
                Integer group = close < 0 ? null : names.get(in.substring(at + 3, close));
                if (group != null) {
                    reference(group, close + 1);
                    return;
                }
            }
            int end = Math.min(at + 2, in.length());
            out.append(in, at, end);
            at = end;
        }

        private void open() {
            int name = nameStart();
            int end = name < 0 ? -1 : in.indexOf('>', name);
            if (end >= 0) {
                names.put(in.substring(name, end), ++groups);
                out.append('(');
                at = end + 1;
            } else if (in.startsWith("(?P=", at) && in.indexOf(')', at) > 0) {
                int close = in.indexOf(')', at);
                reference(names.getOrDefault(in.substring(at + 4, close), 0), close + 1);
            } else {
                if (!in.startsWith("(?", at) && !in.startsWith("(*", at)) {
                    groups++;
                }
                out.append('(');
                at++;
            }
        }

        private int nameStart() {
            if (in.startsWith("(?P<", at)) {
                return at + 4;
            }
            boolean behind = in.startsWith("(?<=", at) || in.startsWith("(?<!", at);
            return in.startsWith("(?<", at) && !behind ? at + 3 : -1;
        }

        /** In a group of its own, so that a digit that follows is not read as part of the number. */
        private void reference(int group, int next) {
            out.append("(?:\\").append(group).append(')');
            at = next;
        }

        private static char closing(char opening) {
            return switch (opening) {
                case '{' -> '}';
                case '\'' -> '\'';
                default -> '>';
            };
        }
    }
}
