package io.sluice.node.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What plugins keep beyond a revision (counters, queues, files). A revision that is being made asks for what it needs; when it
 * has become current, {@link #retain} closes what it did not ask for. Thread-safe.
 */
public final class PluginResources implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginResources.class);

    private final Map<Object, AutoCloseable> open = new HashMap<>();

    /** The resource of a key, opened if it is not there, noted in {@code used}. */
    @SuppressWarnings("unchecked")
    synchronized <T extends AutoCloseable> T use(Object key, Supplier<T> opener, Set<Object> used) {
        used.add(key);
        AutoCloseable resource = open.get(key);
        if (resource == null) {
            resource = opener.get();
            open.put(key, resource);
        }
        return (T) resource;
    }

    /** Closes everything whose key is not in the set. */
    public synchronized void retain(Set<Object> used) {
        for (Object key : new HashSet<>(open.keySet())) {
            if (!used.contains(key)) {
                close(open.remove(key));
            }
        }
    }

    /** Closes everything. */
    @Override
    public synchronized void close() {
        retain(Set.of());
    }

    private static void close(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("a plugin's resource did not close");
        }
    }
}
