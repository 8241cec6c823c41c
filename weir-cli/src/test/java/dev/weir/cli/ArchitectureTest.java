package dev.weir.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The directions in which modules may look at each other: one way, as ARCHITECTURE.md draws it. */
@AnalyzeClasses(packages = "dev.weir", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule THE_SHARED_LANGUAGE_KNOWS_NOBODY = noClasses()
            .that()
            .resideInAPackage("dev.weir.mesh..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.policy..",
                    "dev.weir.proxy..",
                    "dev.weir.kafka..",
                    "dev.weir.identity..",
                    "dev.weir.cli..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_KNOWS_WHERE_SECRETS_COME_FROM = noClasses()
            .that()
            .resideOutsideOfPackages("dev.weir.identity..", "dev.weir.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.weir.identity..", "io.github.jopenlibs.vault..");

    @ArchTest
    static final ArchRule POLICY_KNOWS_NO_PROXY_AND_NO_KAFKA = noClasses()
            .that()
            .resideInAPackage("dev.weir.policy..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.proxy..",
                    "dev.weir.kafka..",
                    "dev.weir.cli..",
                    "org.apache.kafka..",
                    "io.vertx..",
                    "io.netty..");

    @ArchTest
    static final ArchRule GIT_STAYS_AT_THE_EDGE_OF_POLICY = noClasses()
            .that()
            .resideInAPackage("dev.weir.policy..")
            .and()
            .resideOutsideOfPackage("dev.weir.policy.source.git..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jgit..");

    @ArchTest
    static final ArchRule DECIDING_KNOWS_NO_FILES = noClasses()
            .that()
            .resideInAnyPackage("dev.weir.policy.model..", "dev.weir.policy.compile..", "dev.weir.policy.decide..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.weir.policy.source..", "dev.weir.policy.store..", "java.nio.file..");

    @ArchTest
    static final ArchRule THE_PROXY_DECIDES_AND_READS_NO_POLICY = noClasses()
            .that()
            .resideInAPackage("dev.weir.proxy..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.policy.source..", "dev.weir.policy.store..", "dev.weir.policy.parse..", "dev.weir.cli..");

    @ArchTest
    static final ArchRule ONLY_THE_DEMO_RUNS_A_KAFKA = noClasses()
            .that()
            .resideInAnyPackage("dev.weir.proxy..", "dev.weir.cli..")
            .and()
            .resideOutsideOfPackage("dev.weir.cli.demo..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.weir.kafka..");

    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_MODULES =
            slices().matching("dev.weir.(*)..").should().beFreeOfCycles();
}
