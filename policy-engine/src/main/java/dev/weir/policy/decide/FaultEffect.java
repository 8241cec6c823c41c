package dev.weir.policy.decide;

/** What a fault does to a request. */
public sealed interface FaultEffect {

    /** In one word, as policy writes it. */
    String word();

    /** The request goes on later; so does what its client sends behind it. */
    record Delay(int millis) implements FaultEffect {
        @Override
        public String word() {
            return "delay";
        }

        @Override
        public String toString() {
            return "delay of " + millis + " ms";
        }
    }

    /** The request is answered with an error. */
    record Fail(FaultError code) implements FaultEffect {
        @Override
        public String word() {
            return "error";
        }

        @Override
        public String toString() {
            return "error " + code;
        }
    }

    /** The request is dropped, and the connection ends once what came before it is answered. */
    record Disconnect() implements FaultEffect {
        @Override
        public String word() {
            return "disconnect";
        }

        @Override
        public String toString() {
            return word();
        }
    }

    /** The client is told to be quiet for a while, and is not read meanwhile (KIP-219). */
    record Throttle(int millis) implements FaultEffect {
        @Override
        public String word() {
            return "throttle";
        }

        @Override
        public String toString() {
            return "throttle of " + millis + " ms";
        }
    }
}
