package dev.weir.cli.demo;

import dev.weir.policy.decide.Operation;

/**
 * One service, and what it does with one topic.
 *
 * @param service name of the service, and its user
 */
record Flow(String service, Action action, String topic) {

    /** What policy calls these. */
    enum Action {
        PRODUCE("produce", Operation.WRITE),
        CONSUME("consume", Operation.READ);

        private final String word;
        private final Operation operation;

        Action(String word, Operation operation) {
            this.word = word;
            this.operation = operation;
        }

        String word() {
            return word;
        }

        /** The Kafka operation on the topic. */
        Operation operation() {
            return operation;
        }
    }
}
