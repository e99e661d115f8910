package io.sluice.k8s.translate;

import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.translate.draft.ObjectProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came of a translation.
 *
 * @param document a declarative configuration as a tree, in the form and with the fields that files have; equal objects give an
 *     equal document in whatever order they come
 * @param problems what to tell about which object, by object
 * @param programmed the objects of which something is in the document, parts of them may be left out
 */
public record Translation(
        Map<String, @Nullable Object> document, List<ObjectProblem> problems, Set<ObjectRef> programmed) {}
