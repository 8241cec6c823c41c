package dev.weir.cli.policy;

import dev.weir.cli.ExitCode;
import dev.weir.mesh.log.Counted;
import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.check.TestResult;
import dev.weir.policy.yaml.Problem;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weir policy test}. */
@Command(
        name = "test",
        description = {
            "Find every mistake in a folder of policy files and run the tests that they hold: what Weir does before it",
            "takes a policy. Exit code 0 when all is well, 1 when not, 2 when the folder cannot be read."
        },
        mixinStandardHelpOptions = true)
final class PolicyTestCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private FolderAndFormat asked;

    /** What {@code --json} prints, with these names. */
    record Answer(
            boolean good, String revision, long passed, long failed, List<TestAnswer> tests, List<Problem> problems) {}

    /** One test of the policy's own. */
    record TestAnswer(String file, int line, String title, boolean passed, String outcome, String expected) {}

    @Override
    public Integer call() {
        PolicyFolder policy = asked.folder();
        PolicyBuild build = PolicyBuild.of(policy.read(), Clock.systemUTC().instant());
        Answer answer = answer(policy, build);
        asked.print(answer, out -> print(out, answer));
        return build.isGood() ? ExitCode.OK : ExitCode.NO;
    }

    private static Answer answer(PolicyFolder policy, PolicyBuild build) {
        List<TestAnswer> tests = build.tests().stream()
                .map(result -> new TestAnswer(
                        policy.pathOf(result.test().at().file()),
                        result.test().at().line(),
                        result.title(),
                        result.passed(),
                        result.outcome(),
                        result.expected()))
                .toList();
        long passed = build.tests().stream().filter(TestResult::passed).count();
        return new Answer(
                build.isGood(),
                build.revision(),
                passed,
                tests.size() - passed,
                tests,
                policy.seenFromHere(build.problems()));
    }

    private static void print(PrintWriter out, Answer answer) {
        answer.problems().forEach(out::println);
        if (answer.tests().isEmpty() && !answer.problems().isEmpty()) {
            out.println(Counted.of(answer.problems().size(), "mistake") + "; tests are run once there are none.");
        } else {
            out.println(answer.passed() + " passed, " + answer.failed() + " failed");
        }
    }
}
