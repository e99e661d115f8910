package io.sluice.node.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Field lines in a list. */
public final class HeadersFixture implements MutableHeaders {
    private final List<Header> lines = new ArrayList<>();

    @Override
    public Optional<String> first(HeaderName name) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .map(Header::value)
                .findFirst();
    }

    @Override
    public List<String> all(HeaderName name) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .map(Header::value)
                .toList();
    }

    @Override
    public boolean contains(HeaderName name) {
        return lines.stream().anyMatch(line -> line.name().equals(name));
    }

    @Override
    public void forEach(BiConsumer<String, String> visitor) {
        List.copyOf(lines).forEach(line -> visitor.accept(line.name().text(), line.value()));
    }

    @Override
    public void set(HeaderName name, String value) {
        var line = new Header(name, value);
        var at = lines.indexOf(lines.stream()
                .filter(old -> old.name().equals(name))
                .findFirst()
                .orElse(null));
        remove(name);
        lines.add(at < 0 ? lines.size() : at, line);
    }

    @Override
    public void add(HeaderName name, String value) {
        lines.add(new Header(name, value));
    }

    @Override
    public void remove(HeaderName name) {
        lines.removeIf(line -> line.name().equals(name));
    }

    /** The first value of a name; null without one. */
    public String value(String name) {
        return first(HeaderName.of(name)).orElse(null);
    }

    /** All values of a name. */
    public List<String> values(String name) {
        return all(HeaderName.of(name));
    }

    /** {@code name: value} lines, for assertions over the whole head. */
    public List<String> lines() {
        return lines.stream().map(line -> line.name() + ": " + line.value()).toList();
    }

    @Override
    public String toString() {
        return lines().toString();
    }
}
