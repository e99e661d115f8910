package io.sluice.k8s;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the Kubernetes side: objects and their translation are pure and know only the model. */
@AnalyzeClasses(packages = "io.sluice.k8s", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {"io.sluice.k8s.api..", "io.sluice.k8s.translate.."};

    @ArchTest
    static final ArchRule pureKnowsOnlyTheModelAndTheLibraryOfTheLanguage = classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.sluice.k8s.api..",
                    "io.sluice.k8s.translate..",
                    "io.sluice.state.model..",
                    "java.lang..",
                    "java.util..",
                    "java.math..",
                    "java.nio.charset..",
                    "java.security..",
                    "java.time..",
                    "org.jspecify.annotations.."));

    @ArchTest
    static final ArchRule pureReadsNoClock = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule objectsKnowNothingOfTheirTranslation = classes()
            .that()
            .resideInAPackage("io.sluice.k8s.api..")
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("io.sluice.."))
                    .or(resideInAnyPackage("io.sluice.k8s.api..", "io.sluice.state.model..")));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.k8s.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule translatorsHaveNoCycles =
            slices().matching("io.sluice.k8s.translate.(*)..").should().beFreeOfCycles();
}
