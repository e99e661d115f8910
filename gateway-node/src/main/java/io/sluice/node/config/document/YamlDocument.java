package io.sluice.node.config.document;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML text to a tree of Map, List, String, Long, Double, Boolean and null.
 *
 * <p>Only the library's composer is used; the tree is built here. Its constructor hashes keys that may be aliased collections
 * and shares what aliases name, so that a few lines become a tree of billions of values for whoever walks it. Here keys are
 * scalars, and every use of an alias counts against the limit of values.
 */
final class YamlDocument {

    private static final List<String> SAFE_WORDS = List.of(
            "found undefined alias",
            "found unexpected end of stream",
            "mapping values are not allowed here",
            "but found another document",
            "could not find expected ':'");

    private static final Set<String> TRUE = Set.of("true", "yes", "on");

    private final DocumentLimits limits;
    private int values;

    private YamlDocument(DocumentLimits limits) {
        this.limits = limits;
    }

    /** Reads one YAML document; null for an empty one. */
    static @Nullable Object read(String text, DocumentLimits limits) throws DocumentException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(limits.characters());
        options.setNestingDepthLimit(limits.depth());
        options.setMaxAliasesForCollections(limits.values());
        options.setProcessComments(false);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            return root == null ? null : new YamlDocument(limits).value(root, 0);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw mark == null ? new DocumentException("not valid YAML") : refused(mark, words(e));
        } catch (YAMLException e) {
            throw new DocumentException(words(e.getMessage()));
        }
    }

    /** The library's words as far as they do not quote the text: an unquoted password may look like an alias or a tag. */
    private static String words(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? "" : e.getProblem();
        for (String safe : SAFE_WORDS) {
            if (problem.startsWith(safe)) {
                return safe;
            }
        }
        return problem.startsWith("Global tag") ? "unknown tag" : "not valid YAML";
    }

    private static String words(@Nullable String message) {
        boolean limit = message != null && (message.contains("exceeds") || message.contains("exceeded"));
        return limit ? "nested too deep or too long" : "not valid YAML";
    }

    private static DocumentException refused(Mark at, String why) {
        return new DocumentException("line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1) + ": " + why);
    }

    private @Nullable Object value(Node node, int depth) throws DocumentException {
        if (++values > limits.values()) {
            throw refused(node.getStartMark(), "more than " + limits.values() + " values");
        }
        if (depth > limits.depth()) {
            throw refused(node.getStartMark(), "nested deeper than " + limits.depth());
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        if (node instanceof SequenceNode sequence && node.getTag().equals(Tag.SEQ)) {
            List<@Nullable Object> list = new ArrayList<>(sequence.getValue().size());
            for (Node element : sequence.getValue()) {
                list.add(value(element, depth + 1));
            }
            return list;
        }
        if (node instanceof MappingNode mapping && node.getTag().equals(Tag.MAP)) {
            return mapping(mapping, depth);
        }
        throw refused(node.getStartMark(), "unknown tag");
    }

    private Map<String, @Nullable Object> mapping(MappingNode node, int depth) throws DocumentException {
        Map<String, @Nullable Object> own = new LinkedHashMap<>();
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        for (NodeTuple entry : node.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw refused(entry.getKeyNode().getStartMark(), "a key must be a string");
            }
            if (key.getTag().equals(Tag.MERGE)) {
                merge(entry.getValueNode(), merged, depth + 1);
                continue;
            }
            Object value = value(entry.getValueNode(), depth + 1);
            if (own.containsKey(key.getValue())) {
                throw refused(key.getStartMark(), "key '" + key.getValue() + "' is given twice");
            }
            own.put(key.getValue(), value);
        }
        merged.forEach((name, value) -> {
            if (!own.containsKey(name)) {
                own.put(name, value);
            }
        });
        return own;
    }

    /** What {@code <<} names; of several the first wins. */
    private void merge(Node node, Map<String, @Nullable Object> into, int depth) throws DocumentException {
        List<Node> sources = node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
        for (Node source : sources) {
            if (!(value(source, depth) instanceof Map<?, ?> map)) {
                throw refused(source.getStartMark(), "only a mapping can be merged");
            }
            map.forEach((name, value) -> into.putIfAbsent((String) name, value));
        }
    }

    private static @Nullable Object scalar(ScalarNode node) throws DocumentException {
        Tag tag = node.getTag();
        String text = node.getValue();
        if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP) || tag.equals(Tag.MERGE)) {
            return text;
        }
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return TRUE.contains(text.toLowerCase(Locale.ROOT));
        }
        if (tag.equals(Tag.INT)) {
            return whole(text);
        }
        if (tag.equals(Tag.FLOAT)) {
            return decimal(text);
        }
        throw refused(node.getStartMark(), "unknown tag");
    }

    /** A whole number of YAML 1.1; what looks like hours and minutes stays text. */
    private static Object whole(String text) {
        String digits = text.replace("_", "");
        boolean negative = digits.startsWith("-");
        String bare = digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
        int radix = 10;
        if (bare.startsWith("0x")) {
            radix = 16;
            bare = bare.substring(2);
        } else if (bare.startsWith("0b")) {
            radix = 2;
            bare = bare.substring(2);
        } else if (bare.startsWith("0") && bare.length() > 1) {
            radix = 8;
            bare = bare.substring(1);
        }
        try {
            return Long.parseLong(negative ? "-" + bare : bare, radix);
        } catch (NumberFormatException e) {
            return radix == 10 && bare.chars().allMatch(c -> c >= '0' && c <= '9') && !bare.isEmpty()
                    ? (Object) Double.valueOf(digits)
                    : text;
        }
    }

    private static Object decimal(String text) {
        String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
        return switch (digits) {
            case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            case ".nan" -> Double.NaN;
            default -> number(digits, text);
        };
    }

    private static Object number(String digits, String text) {
        try {
            return Double.valueOf(digits);
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
