package dev.weir.proxy.authenticate;

import dev.weir.policy.yaml.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A users file that cannot be used; the message has one line for each mistake. */
public final class InvalidUsersFileException extends RuntimeException {
    private final transient List<Problem> problems;

    public InvalidUsersFileException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
