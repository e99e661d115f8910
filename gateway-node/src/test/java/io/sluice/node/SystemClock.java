package io.sluice.node;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Set;

/** Calls and method references that read the machine's clock; pure code is given an {@code InstantSource} instead. */
final class SystemClock {
    private static final Set<String> SYSTEM_READS = Set.of("currentTimeMillis", "nanoTime");

    private SystemClock() {}

    static DescribedPredicate<JavaAccess<?>> isRead() {
        return DescribedPredicate.describe("the machine's clock is read", SystemClock::reads);
    }

    private static boolean reads(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        var method = access.getName();
        if (owner.isEquivalentTo(System.class)) {
            return SYSTEM_READS.contains(method);
        }
        if (owner.isEquivalentTo(Clock.class) || owner.isEquivalentTo(InstantSource.class)) {
            return method.startsWith("system") || method.startsWith("tick");
        }
        return owner.getPackageName().equals("java.time")
                && method.equals("now")
                && access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().isEmpty();
    }
}
