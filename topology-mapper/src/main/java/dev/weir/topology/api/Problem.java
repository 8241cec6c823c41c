package dev.weir.topology.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An error as RFC 9457 has it.
 *
 * @param where the parameter or the path that is meant
 * @param found what was there
 * @param expected what would have been right
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(String title, int status, String detail, String where, String found, String expected) {
    private static final int FOUND_LENGTH_MAX = 200;

    Problem {
        if (found.length() > FOUND_LENGTH_MAX) {
            found = found.substring(0, FOUND_LENGTH_MAX) + "...";
        }
    }

    static Problem badParameter(String name, String found, String expected) {
        return new Problem(
                "Invalid parameter", 400, "The parameter " + name + " cannot be understood.", name, found, expected);
    }

    static Problem notFound(String what, String name, String expected) {
        return new Problem("Not found", 404, "There is no " + what + " of this name.", "path", name, expected);
    }

    static Problem of(int status, String title, String detail) {
        return new Problem(title, status, detail, "", "", "");
    }

    /** Thrown by whoever reads a request; answered as it is. */
    static final class Raised extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        Raised(Problem problem) {
            super(problem.detail());
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
