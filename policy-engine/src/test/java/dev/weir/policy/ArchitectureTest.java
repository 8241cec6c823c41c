package dev.weir.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.weir.policy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_NETWORK_FRAMEWORK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "org.apache.kafka..", "dev.weir.proxy..");

    @ArchTest
    static final ArchRule JGIT_IN_ITS_PACKAGE_ONLY = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.policy.source.git..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jgit..", "dev.weir.policy.source.git..");

    @ArchTest
    static final ArchRule YAML_IN_ITS_PACKAGE_ONLY = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.policy.yaml..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.snakeyaml..");

    @ArchTest
    static final ArchRule DECIDE_KNOWS_NOBODY = classes()
            .that()
            .resideInAPackage("dev.weir.policy.decide..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.policy.decide..",
                    "dev.weir.mesh..",
                    "dev.weir.schema..",
                    "dev.weir.canary",
                    "java..",
                    "org.jspecify..");

    /** Of canaries policy knows what people write: weights and sides. How they are changed is not its business. */
    @ArchTest
    static final ArchRule CANARY_BY_ITS_WORDS_ONLY = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.weir.canary.kafka..", "dev.weir.canary.change..");

    @ArchTest
    static final ArchRule MODEL_IS_INERT = noClasses()
            .that()
            .resideInAPackage("dev.weir.policy.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.policy.parse..",
                    "dev.weir.policy.compile..",
                    "dev.weir.policy.source..",
                    "dev.weir.policy.store..",
                    "dev.weir.policy.check..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.weir.policy.(**)").should().beFreeOfCycles();
}
