package io.sluice.k8s.translate.draft;

/**
 * What the administrator decides about translation.
 *
 * @param ingressClass the class of objects that are ours, usually {@code kong}
 * @param clusterDomain what service names end with, for example {@code cluster.local}; empty to leave it to the resolver
 */
public record TranslationSettings(String ingressClass, String clusterDomain) {}
