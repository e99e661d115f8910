package io.sluice.k8s.translate.annotation;

/** One annotation. Pure. */
interface Annotation {

    /** The whole key; for a family of keys, what they begin with. */
    String key();

    /** Does to the entity what the annotation says, if it is there and makes sense; if it makes none, says so. */
    void apply(Site site);
}
