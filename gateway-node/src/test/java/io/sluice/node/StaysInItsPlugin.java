package io.sluice.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A built-in plugin sees the plugin port, the limits, the model and its own package; only the list of plugins sees them all. */
final class StaysInItsPlugin extends ArchCondition<JavaClass> {
    private static final String PLUGINS = "io.sluice.node.plugins";
    private static final DescribedPredicate<JavaClass> PORTS =
            resideInAnyPackage("io.sluice.node.plugin..", "io.sluice.state.limit..", "io.sluice.state.model..");

    StaysInItsPlugin() {
        super("see only the plugin port, the limits, the model and their own plugin package");
    }

    @Override
    public void check(JavaClass plugin, ConditionEvents events) {
        plugin.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> !mayUse(plugin, target(dependency)))
                .forEach(dependency -> events.add(SimpleConditionEvent.violated(plugin, dependency.getDescription())));
    }

    private static JavaClass target(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType();
    }

    private static boolean mayUse(JavaClass plugin, JavaClass target) {
        if (!target.getPackageName().startsWith("io.sluice.") || PORTS.test(target)) {
            return true;
        }
        var own = pluginPackage(plugin);
        return own.equals(PLUGINS) ? target.getPackageName().startsWith(PLUGINS) : own.equals(pluginPackage(target));
    }

    /** The package of one plugin: {@code io.sluice.node.plugins.cors} also for classes deeper inside it. */
    private static String pluginPackage(JavaClass type) {
        var name = type.getPackageName();
        if (!name.startsWith(PLUGINS + ".")) {
            return name;
        }
        int end = name.indexOf('.', PLUGINS.length() + 1);
        return end < 0 ? name : name.substring(0, end);
    }
}
