package io.sluice.node.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What plugins keep beyond a revision (counters, queues, files), and what balancing has learned. Every revision asks for what it needs while it is made; a
 * resource is closed when the last revision that asked for it is released. Thread-safe.
 */
public final class PluginResources implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginResources.class);

    private final Map<Object, Counted> open = new HashMap<>();

    /** An open resource and how many revisions use it. */
    private static final class Counted {
        private final AutoCloseable resource;
        private int users;

        Counted(AutoCloseable resource) {
            this.resource = resource;
        }
    }

    /** What one revision uses. */
    final class Uses {
        private final Set<Object> keys = new HashSet<>();

        private Uses() {}

        /** The resource of a key, opened if it is not there; kept open until these uses are released. */
        @SuppressWarnings("unchecked")
        <T extends AutoCloseable> T use(Object key, Supplier<T> opener) {
            synchronized (PluginResources.this) {
                Counted counted = open.get(key);
                if (counted == null) {
                    counted = new Counted(opener.get());
                    open.put(key, counted);
                }
                if (keys.add(key)) {
                    counted.users++;
                }
                return (T) counted.resource;
            }
        }

        /** Closes what nobody else uses. A second call does nothing. */
        void release() {
            synchronized (PluginResources.this) {
                for (Object key : keys) {
                    Counted counted = open.get(key);
                    if (counted != null && --counted.users == 0) {
                        open.remove(key);
                        close(counted.resource);
                    }
                }
                keys.clear();
            }
        }
    }

    /** The uses of a revision that is about to be made; none yet. */
    Uses uses() {
        return new Uses();
    }

    /** Closes everything. */
    @Override
    public synchronized void close() {
        open.values().forEach(counted -> close(counted.resource));
        open.clear();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("a plugin's resource did not close");
        }
    }
}
