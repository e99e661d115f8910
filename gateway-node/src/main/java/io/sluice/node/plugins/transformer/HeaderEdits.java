package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugins.transformer.Edits.Change;
import io.sluice.node.plugins.transformer.Edits.Rendered;
import java.util.List;
import java.util.function.Consumer;

/** Changes header fields. Stateless. */
final class HeaderEdits {

    private static final HeaderName HOST = HeaderName.of("Host");

    private HeaderEdits() {}

    /**
     * Changes the headers; Host is never touched.
     *
     * @param host told what {@code replace} wants Host to be
     */
    static void apply(Rendered<HeaderName> edits, MutableHeaders headers, Consumer<String> host) {
        for (HeaderName name : edits.remove()) {
            if (!name.equals(HOST)) {
                headers.remove(name);
            }
        }
        edits.rename().forEach(change -> rename(change, headers));
        for (Change<HeaderName> change : edits.replace()) {
            String value = Header.oneLine(change.value());
            if (change.name().equals(HOST)) {
                host.accept(value);
            } else if (headers.contains(change.name())) {
                headers.set(change.name(), value);
            }
        }
        for (Change<HeaderName> change : edits.add()) {
            if (!change.name().equals(HOST) && !headers.contains(change.name())) {
                headers.set(change.name(), Header.oneLine(change.value()));
            }
        }
        for (Change<HeaderName> change : edits.append()) {
            if (!change.name().equals(HOST)) {
                headers.add(change.name(), Header.oneLine(change.value()));
            }
        }
    }

    /** All lines keep their values; lines that had the new name before are replaced. */
    private static void rename(Change<HeaderName> change, MutableHeaders headers) {
        String to = change.value();
        List<String> values = headers.all(change.name());
        boolean usable = !to.isEmpty() && to.chars().allMatch(HeaderName::tokenChar);
        if (values.isEmpty() || !usable || change.name().equals(HOST)) {
            return;
        }
        HeaderName next = HeaderName.of(to);
        headers.remove(change.name());
        if (!next.equals(HOST)) {
            headers.remove(next);
            values.forEach(value -> headers.add(next, value));
        }
    }
}
