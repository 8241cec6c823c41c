package dev.weir.policy.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.source.FolderReader;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The sample policy is what a newcomer reads first: it must be good, and its tests must test something. */
class DemoPolicyTest {
    @Test
    void isGoodAndItsTestsPass() throws Exception {
        PolicyBuild build = PolicyBuild.of(FolderReader.read(Path.of("../deploy/demo-policy")), Instant.now());
        assertThat(build.problems()).isEmpty();
        assertThat(build.isGood()).isTrue();
        assertThat(build.tests()).hasSizeGreaterThan(10).allMatch(TestResult::passed);
        assertThat(build.snapshot().orElseThrow().policy().services()).hasSize(6);
    }
}
