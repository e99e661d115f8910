package io.sluice.state;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URI;
import java.net.URISyntaxException;

/** The arrows of the cluster state: it knows nothing else of ours, and its pure packages do no input, output or timing. */
@AnalyzeClasses(packages = "io.sluice", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {"io.sluice.state.model..", "io.sluice.state.limit"};

    @ArchTest
    static final ArchRule knowsNothingElseOfOurs = noClasses()
            .that()
            .resideInAPackage("io.sluice.state..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.sluice..").and(not(resideInAPackage("io.sluice.state.."))));

    @ArchTest
    static final ArchRule pureTouchesNoActorLogOrSocket = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.apache.pekko..", "org.slf4j..", "java.io..", "java.net..", "java.nio.channels..")
                    .and(not(type(URI.class)))
                    .and(not(type(URISyntaxException.class))))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule pureReadsNoClock = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .accessTargetWhere(SystemClock.isRead())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule modelStandsAlone = noClasses()
            .that()
            .resideInAPackage("io.sluice.state.model..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.sluice..").and(not(resideInAPackage("io.sluice.state.model.."))))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule limitKnowsOnlyTheModel = classes()
            .that()
            .resideInAPackage("io.sluice.state.limit")
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("io.sluice.."))
                    .or(resideInAnyPackage("io.sluice.state.limit", "io.sluice.state.model..")))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.state.(*)..").should().beFreeOfCycles().allowEmptyShould(true);
}
