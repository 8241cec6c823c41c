package dev.weir.canary.rollout;

/** What stands in the log about rollouts. Each carries the whole state that it leads to. */
public sealed interface RolloutEvent {
    /** The canary's name. */
    String canary();

    /** When, by the clock of the controller that wrote it. */
    long atMillis();

    /** Something happened without anybody's word: a step, a gate, a new plan. */
    record Progressed(String canary, long atMillis, RolloutState state) implements RolloutEvent {}

    /** A command was obeyed. */
    record Obeyed(long atMillis, Command command, RolloutState state) implements RolloutEvent {
        @Override
        public String canary() {
            return command.canary();
        }
    }

    /** A command was not obeyed; all is as before. */
    record Refused(long atMillis, Command command, String reason) implements RolloutEvent {
        @Override
        public String canary() {
            return command.canary();
        }
    }
}
