package dev.weir.policy.check;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.PolicyTest;
import java.util.List;

/**
 * Runs policy's own tests. They ask what the rules say, not what day it is: rules that have expired count, or else a
 * policy that nobody touched would stop being acceptable overnight, and a restart would find nothing to enforce.
 */
public final class PolicyTester {
    private PolicyTester() {}

    /** All tests in the order of the files. */
    public static List<TestResult> run(Policy policy) {
        CompiledSnapshot snapshot = CompiledSnapshot.compileForever(policy, CompiledSnapshot.NO_REVISION);
        return policy.tests().map(test -> run(snapshot, test)).toList();
    }

    private static TestResult run(CompiledSnapshot snapshot, PolicyTest test) {
        Authorizer authorizer = test.as().equals(PolicyTest.ANONYMOUS)
                ? snapshot.anonymous(test.circumstances())
                : snapshot.authorizer(test.as(), test.circumstances());
        Decision decision = Outcomes.decide(authorizer, test.query());
        boolean expected = switch (test.expect()) {
            case ALLOW -> decision.allowed();
            case DENY -> !decision.passes();
            case DRY_RUN -> decision.dryRunDenied();
        };
        boolean by = test.by().map(decision.rule().id()::equals).orElse(true);
        return new TestResult(test, decision, expected && by);
    }
}
