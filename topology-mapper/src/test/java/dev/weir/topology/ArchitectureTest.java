package dev.weir.topology;

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

@AnalyzeClasses(packages = "dev.weir.topology", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule KNOWS_REPORTS_AND_NO_OTHER_MODULE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.weir.policy..", "dev.weir.proxy..", "dev.weir.kafka..", "dev.weir.cli..");

    @ArchTest
    static final ArchRule THE_READ_MODEL_IS_INERT = classes()
            .that()
            .resideInAPackage("dev.weir.topology.view..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.weir.topology.view..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule THE_PLUMBING_KNOWS_NO_FEATURE = noClasses()
            .that()
            .resideInAPackage("dev.weir.topology.stream..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.weir.topology..")
                    .and(not(resideInAnyPackage("dev.weir.topology.stream..", "dev.weir.topology.state..")))
                    .as("features of the topology"));

    @ArchTest
    static final ArchRule WHO_ANSWERS_IN_HTTP_ASKS_THE_READ_MODEL_ONLY = noClasses()
            .that()
            .resideInAnyPackage("dev.weir.topology.api..", "dev.weir.topology.layout..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "dev.weir.topology.stream..",
                    "dev.weir.topology.mesh..",
                    "dev.weir.topology.edge..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.weir.topology.(*)..").should().beFreeOfCycles();
}
