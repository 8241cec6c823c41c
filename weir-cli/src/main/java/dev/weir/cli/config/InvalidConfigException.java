package dev.weir.cli.config;

import dev.weir.mesh.log.Counted;
import dev.weir.policy.yaml.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; the message has one line for each mistake, and a count. */
public final class InvalidConfigException extends RuntimeException {
    private final transient List<Problem> problems;

    InvalidConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n"))
                + "\n"
                + Counted.of(problems.size(), "mistake")
                + " in the configuration; nothing was started.");
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
