package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginResourcesTest {

    private final List<String> closed = new ArrayList<>();
    private final PluginResources resources = new PluginResources();

    private AutoCloseable use(PluginResources.Uses uses, String key) {
        return uses.use(key, () -> () -> closed.add(key));
    }

    @Test
    void keepsOpenWhatTheNextRevisionHasTakenWhileItIsMade() {
        PluginResources.Uses old = resources.uses();
        PluginResources.Uses compiling = resources.uses();
        AutoCloseable shared = use(old, "shared");
        use(old, "old");
        AutoCloseable again = use(compiling, "shared");
        use(compiling, "new");

        old.release();

        assertThat(again).isSameAs(shared);
        assertThat(closed).containsExactly("old");
    }

    @Test
    void closesAResourceOnceWithItsLastUser() {
        PluginResources.Uses first = resources.uses();
        PluginResources.Uses second = resources.uses();
        use(first, "file");
        use(first, "file");
        use(second, "file");

        first.release();
        first.release();
        assertThat(closed).isEmpty();

        second.release();
        assertThat(closed).containsExactly("file");
    }

    @Test
    void opensAnewWhatWasClosed() {
        PluginResources.Uses first = resources.uses();
        AutoCloseable opened = use(first, "file");
        first.release();

        assertThat(use(resources.uses(), "file")).isNotSameAs(opened);
    }

    @Test
    void releaseAfterTheEndClosesNothingTwice() {
        PluginResources.Uses uses = resources.uses();
        use(uses, "file");

        resources.close();
        uses.release();

        assertThat(closed).containsExactly("file");
    }
}
