package dev.weir.policy.check;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.model.Policy;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.yaml.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One attempt to make a snapshot of policy files: parse, validate, run policy's own tests, compile.
 *
 * @param problems all mistakes; failed tests are among them once there are no others
 * @param tests how the tests came out; none are run on a policy with mistakes
 * @param snapshot there if and only if there are no problems
 */
public record PolicyBuild(
        String revision, List<Problem> problems, List<TestResult> tests, Optional<CompiledSnapshot> snapshot) {

    public PolicyBuild {
        problems = List.copyOf(problems);
        tests = List.copyOf(tests);
    }

    /** Never throws for what stands in the files. */
    public static PolicyBuild of(PolicyFiles files, Instant now) {
        Parsed parsed = PolicyParser.parse(files.files());
        if (!parsed.isGood()) {
            return new PolicyBuild(files.revision(), parsed.problems(), List.of(), Optional.empty());
        }
        Policy policy = parsed.policy();
        List<TestResult> tests = PolicyTester.run(policy);
        List<Problem> failures = tests.stream()
                .filter(test -> !test.passed())
                .map(PolicyBuild::failure)
                .toList();
        Optional<CompiledSnapshot> snapshot = failures.isEmpty()
                ? Optional.of(CompiledSnapshot.compile(policy, files.revision(), now))
                : Optional.empty();
        return new PolicyBuild(files.revision(), failures, tests, snapshot);
    }

    private static Problem failure(TestResult result) {
        return new Problem(
                result.test().at(), "test failed (" + result.title() + ")", result.outcome(), result.expected());
    }

    public boolean isGood() {
        return snapshot.isPresent();
    }
}
