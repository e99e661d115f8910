package io.sluice.k8s.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status that an object has in the cluster.
 *
 * @param version the object's {@code resourceVersion} then
 * @param status its tree as the server sent it; empty if it has none. Not changed any more
 */
public record PresentStatus(String version, Map<String, @Nullable Object> status) {}
