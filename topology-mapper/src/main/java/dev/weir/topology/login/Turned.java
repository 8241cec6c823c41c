package dev.weir.topology.login;

/**
 * Somebody whom the gate turned away, for the audit.
 *
 * @param name who, as the identity provider says; empty for whoever has not proven it
 * @param tls whether people come here by https
 */
public record Turned(String name, boolean tls, Why why) {
    /** A closed set: whoever is not known has no say in what is written of him. */
    public enum Why {
        /** Nothing that says who it is was good. */
        BAD_TOKEN("its bearer token is not taken"),
        OTHER_CREDENTIALS("only bearer tokens are taken"),
        BAD_LOG_IN("its log-in is not taken"),
        /** It is known who it is. */
        NO_VIEWER("has not the role of a viewer"),
        NO_OPERATOR("has not the role of an operator"),
        ANOTHER_PAGE("the request did not come from the dashboard");

        private final String words;

        Why(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        /** Whether he is in, and may not do what he wanted. */
        public boolean isIn() {
            return this == NO_OPERATOR || this == ANOTHER_PAGE;
        }
    }
}
