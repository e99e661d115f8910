package io.sluice.node.admin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list. {@code offset} is the id of the next page's first element, so a page does not shift when something before
 * it goes.
 */
final class Page {

    private static final int SIZE = 100;
    private static final int MOST = 1000;

    private Page() {}

    /**
     * The page that the call asks for.
     *
     * @param id an element's identity
     * @param tags an element's tags, for {@code ?tags=}
     * @param show an element as the API shows it
     */
    static <T> Answer of(
            Call call, List<T> all, Function<T, String> id, Function<T, List<String>> tags, Function<T, ?> show) {
        Optional<Integer> size = size(call.argument("size"));
        if (size.isEmpty()) {
            return Answer.error(400, 9, "invalid size", "size must be an integer between 1 and " + MOST, Map.of());
        }
        Optional<String> wanted = call.argument("tags");
        String complaint = wanted.map(Page::complaint).orElse("");
        if (!complaint.isEmpty()) {
            return invalidTags(complaint);
        }
        List<T> matching = wanted.map(text -> all.stream()
                        .filter(one -> matches(text, tags.apply(one)))
                        .toList())
                .orElse(all);
        int start = start(call.argument("offset"), matching, id);
        if (start < 0) {
            return Answer.error(400, 7, "invalid offset", "invalid offset", Map.of());
        }
        return Answer.ok(page(call, matching, start, size.get(), id, show));
    }

    private static <T> Map<String, @Nullable Object> page(
            Call call, List<T> all, int start, int size, Function<T, String> id, Function<T, ?> show) {
        int end = Math.min(all.size(), start + size);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        List<Object> data = new ArrayList<>();
        for (T one : all.subList(start, end)) {
            data.add(show.apply(one));
        }
        body.put("data", data);
        body.put("next", null);
        if (end < all.size()) {
            String offset = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(id.apply(all.get(end)).getBytes(StandardCharsets.UTF_8));
            body.put("next", next(call, offset));
            body.put("offset", offset);
        }
        return body;
    }

    private static String next(Call call, String offset) {
        StringBuilder next = new StringBuilder(call.path()).append("?offset=").append(offset);
        for (Map.Entry<String, String> entry : call.query()) {
            if (Set.of("size", "tags").contains(entry.getKey())) {
                next.append('&').append(entry.getKey()).append('=');
                next.append(URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8));
            }
        }
        return next.toString();
    }

    private static Optional<Integer> size(Optional<String> text) {
        try {
            int size = text.map(Integer::parseInt).orElse(SIZE);
            return size >= 1 && size <= MOST ? Optional.of(size) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static <T> int start(Optional<String> offset, List<T> all, Function<T, String> id) {
        if (offset.isEmpty()) {
            return 0;
        }
        try {
            String wanted = new String(Base64.getUrlDecoder().decode(offset.get()), StandardCharsets.UTF_8);
            return all.stream().map(id).toList().indexOf(wanted);
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    private static String complaint(String tags) {
        if (tags.isEmpty()) {
            return "cannot be null";
        }
        boolean mixed = tags.contains(",") && tags.contains("/");
        boolean hole = Stream.of(tags.split("[,/]", -1)).anyMatch(String::isEmpty);
        return mixed || hole ? "invalid filter syntax" : "";
    }

    private static Answer invalidTags(String complaint) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", 11);
        body.put("name", "invalid options");
        body.put("message", "invalid option (tags: " + complaint + ")");
        body.put("options", Map.of("tags", complaint));
        return Answer.of(400, body);
    }

    /** {@code a,b} wants all, {@code a/b} any. */
    private static boolean matches(String wanted, List<String> tags) {
        return wanted.contains("/")
                ? Stream.of(wanted.split("/")).anyMatch(tags::contains)
                : Stream.of(wanted.split(",")).allMatch(tags::contains);
    }
}
