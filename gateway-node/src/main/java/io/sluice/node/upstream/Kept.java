package io.sluice.node.upstream;

import java.util.function.Supplier;

/** Where things live that outlast the revision that made them, for as long as some revision in use asks for them. */
@FunctionalInterface
public interface Kept {

    /** What is kept under the key, opened if there is none. */
    <T extends AutoCloseable> T use(Object key, Supplier<T> open);
}
