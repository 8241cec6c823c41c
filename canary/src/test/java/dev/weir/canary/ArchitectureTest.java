package dev.weir.canary;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.weir.canary", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_PROXY = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "dev.weir.proxy..", "dev.weir.policy..");

    @ArchTest
    static final ArchRule KAFKA_IN_ITS_PACKAGE_ONLY = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.canary.kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "com.google.protobuf..", "dev.weir.mesh..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.weir.canary.(**)").should().beFreeOfCycles();
}
