package io.sluice.k8s.status;

import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the writer asks, several times a second and before each request; all answer at once.
 *
 * @param leads whether this node writes now
 * @param reach how far configurations have come
 * @param present the status of an object as the watches know it; empty if there is no such object
 */
public record StatusSources(
        BooleanSupplier leads, Supplier<Reach> reach, Function<ObjectRef, Optional<PresentStatus>> present) {}
