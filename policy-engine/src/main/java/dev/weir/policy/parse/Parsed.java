package dev.weir.policy.parse;

import dev.weir.policy.model.Policy;
import dev.weir.policy.yaml.Problem;
import java.util.List;

/**
 * What came of reading policy files.
 *
 * @param policy whole only where there are no problems
 * @param problems all mistakes, by file, line and column
 */
public record Parsed(Policy policy, List<Problem> problems) {
    public Parsed {
        problems = List.copyOf(problems);
    }

    public boolean isGood() {
        return problems.isEmpty();
    }
}
