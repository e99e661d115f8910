package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.UpstreamRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A template that makes the path for the upstream. Only what the configuration says decides where the path ends and which
 * dot segments it has: in a request's values a question mark or a number sign is escaped, and a path that they give another
 * dot segment, in any form that is refused to clients, is none. Immutable.
 */
final class PathTemplate {

    private final Template template;
    private final String plain;

    private PathTemplate(Template template) {
        this.template = template;
        this.plain = rooted(template.render(Placeholder.INPUT));
    }

    /** Reads a template: @throws IllegalArgumentException as {@link Template#parse}. */
    static PathTemplate parse(String source) {
        return new PathTemplate(Template.parse(source));
    }

    /** The path, a query of the template's own behind it; "" if the template says nothing, empty if the path is to be refused. */
    Optional<String> render(TemplateInput input, UpstreamRequest upstream) {
        String text = template.render(new Escaped(input, upstream));
        if (text.isEmpty()) {
            return Optional.of(text);
        }
        String path = rooted(text);
        while (!plain.startsWith("//") && path.startsWith("//")) { // a reader may take what follows for a host
            path = path.substring(1);
        }
        boolean more = !template.isConstant() && upstream.dotSegments(path(path)) > upstream.dotSegments(path(plain));
        return more ? Optional.empty() : Optional.of(path);
    }

    private static String rooted(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }

    /** What is before the query. */
    private static String path(String text) {
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    private record Escaped(TemplateInput input, UpstreamRequest upstream) implements TemplateInput {

        @Override
        public @Nullable String header(HeaderName name) {
            return escaped(input.header(name));
        }

        @Override
        public @Nullable String queryParameter(String name) {
            return escaped(input.queryParameter(name));
        }

        @Override
        public @Nullable String capture(String key) {
            return escaped(input.capture(key));
        }

        private @Nullable String escaped(@Nullable String value) {
            return value == null ? null : upstream.pathValue(value);
        }
    }

    /** Shows what a template says by itself. */
    private enum Placeholder implements TemplateInput {
        INPUT;

        private static final String ANY = "x";

        @Override
        public String header(HeaderName name) {
            return ANY;
        }

        @Override
        public String queryParameter(String name) {
            return ANY;
        }

        @Override
        public String capture(String key) {
            return ANY;
        }
    }
}
