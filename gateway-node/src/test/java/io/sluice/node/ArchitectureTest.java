package io.sluice.node;

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

/** The arrows of the node, as the architecture text draws them. */
@AnalyzeClasses(packages = "io.sluice", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {"io.sluice.node.route..", "io.sluice.node.balance..", "io.sluice.node.guard.."
    };

    @ArchTest
    static final ArchRule nobodyUsesBoot = noClasses()
            .that()
            .resideOutsideOfPackage("io.sluice.node.boot..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice.node.boot..");

    @ArchTest
    static final ArchRule kubernetesKnowsOnlyModelAndMembership = classes()
            .that()
            .resideInAPackage("io.sluice.k8s..")
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("io.sluice.."))
                    .or(resideInAnyPackage(
                            "io.sluice.k8s..", "io.sluice.state.model..", "io.sluice.state.membership..")))
            .allowEmptyShould(true);

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
    static final ArchRule pluginPortKnowsOnlyModelAndLimit = classes()
            .that()
            .resideInAPackage("io.sluice.node.plugin..")
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("io.sluice.."))
                    .or(resideInAnyPackage(
                            "io.sluice.node.plugin..", "io.sluice.state.model..", "io.sluice.state.limit..")))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule pluginsKnowOnlyThePortAndThemselves = classes()
            .that()
            .resideInAPackage("io.sluice.node.plugins..")
            .should(new StaysInItsPlugin())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.node.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = classes()
            .that()
            .resideInAPackage("io.sluice..")
            .should()
            .haveNameNotMatching(".*[.$](Abstract|Base)[A-Z][^.$]*")
            .andShould()
            .haveNameNotMatching(".*(Manager|Helper|Utils?|Impl|Data|Info)");
}
