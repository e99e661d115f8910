/** What the annotations on Ingresses and Services do to the entities made of them: one type or one line for each. */
@NullMarked
package io.sluice.k8s.translate.annotation;

import org.jspecify.annotations.NullMarked;
