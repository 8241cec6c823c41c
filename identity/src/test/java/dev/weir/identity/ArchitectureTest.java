package dev.weir.identity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Secrets and certificates know no proxy and no network library; the Vault driver stays in one package. */
@AnalyzeClasses(packages = "dev.weir.identity", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule KNOWS_NO_PROXY = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.policy..",
                    "dev.weir.proxy..",
                    "dev.weir.kafka..",
                    "dev.weir.cli..",
                    "io.vertx..",
                    "io.netty..",
                    "org.apache.kafka..");

    @ArchTest
    static final ArchRule THE_DRIVER_STAYS_WITH_VAULT = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.identity.vault..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.jopenlibs.vault..");

    @ArchTest
    static final ArchRule NAMES_ARE_ONLY_NAMES = noClasses()
            .that()
            .resideInAPackage("dev.weir.identity.name..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "dev.weir.identity.certificate..", "dev.weir.identity.authority..");
}
