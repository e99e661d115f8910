package io.sluice.k8s.translate;

import io.sluice.k8s.api.Decoded;
import io.sluice.state.model.Problem;
import java.util.Collection;
import java.util.List;

/**
 * A translation and what the gateway made of it. Told after every translation, also where the document is the same as before and
 * only what is to be told has changed.
 *
 * @param objects that were translated, ours and others; not changed any more
 * @param hash of the configuration that is live now: 32 lower-case hex digits, the same on all nodes for the same objects
 * @param live whether the translation's document is what is live; if not, the last good one still is
 * @param refusals what the gateway has against the document as a whole; empty if it is live
 */
public record Delivered(
        Translation translation, Collection<Decoded> objects, String hash, boolean live, List<Problem> refusals) {}
