package dev.weir.canary.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Weight;
import dev.weir.canary.rollout.Command.Action;
import dev.weir.canary.rollout.RolloutPlan.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Rollouts under random plans, measures, commands and clocks, with a new controller every now and then that knows nothing but the log.
 * {@code -Dweir.rollout.seed=N} runs one schedule alone.
 */
class RolloutSimulationTest {
    private static final long SCHEDULES = 5_000;
    private static final int TURNS = 150;

    private final Set<String> seen = new TreeSet<>();

    @Test
    void whateverHappensAWeightRisesOnlyByItsStepsOrSomebodysWord() {
        Long only = Long.getLong("weir.rollout.seed");
        LongStream seeds = only == null ? LongStream.range(0, SCHEDULES) : LongStream.of(only);
        seeds.forEach(seed -> new Schedule(seed).run());
        if (only == null) {
            assertThat(seen)
                    .as("the schedules come to every phase")
                    .hasSize(Phase.class.getPermittedSubclasses().length);
        }
    }

    private final class Schedule {
        private final long seed;
        private final SplittableRandom random;
        private final List<RolloutEvent> log = new ArrayList<>();
        private RolloutLog rollouts = new RolloutLog();
        private RolloutPlan plan;
        private Weight inForce = Weight.NONE;
        private long now = 1_000_000;
        private Measures measures = Measures.NONE;
        private int commands;

        Schedule(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.plan = plan();
        }

        void run() {
            for (int turn = 0; turn < TURNS; turn++) {
                switch (random.nextInt(16)) {
                    case 0 -> restart();
                    case 1 -> command();
                    case 2 -> plan = random.nextInt(4) == 0 ? plan() : plan;
                    case 3 -> now -= random.nextLong(5_000); // another controller's clock
                    default -> now += random.nextLong(20_000);
                }
                if (random.nextInt(3) > 0 && state() != null) {
                    inForce = state().weight(); // else the change takes its time
                }
                measure();
                int events = 0;
                while (ask()) {
                    events++;
                    check(events < 4, "it comes to no rest");
                }
            }
        }

        private RolloutState state() {
            return rollouts.of("c").state();
        }

        private boolean ask() {
            RolloutState before = state();
            RolloutEvent event = rollouts.of("c").next(plan, inForce, measures, now);
            if (event == null) {
                return false;
            }
            take(event);
            judge(before, state());
            return true;
        }

        private void take(RolloutEvent event) {
            log.add(event);
            rollouts.apply(event);
            seen.add(state().phase().getClass().getSimpleName());
            Phase phase = state().phase();
            check(!(phase instanceof Phase.Aborted) || state().weight().equals(Weight.NONE), "aborted with a share");
            check(
                    !(phase instanceof Phase.Promoted) || state().weight().basisPoints() == Weight.ALL,
                    "promoted without everything");
            if (phase instanceof Phase.Waiting || phase instanceof Phase.Holding || phase instanceof Phase.Done) {
                check(state().plan().equals(plan.text()), "it follows another plan");
                check(state().weight().equals(plan.steps().get(state().step()).weight()), "not the weight of its step");
            }
        }

        /** Without a word, from one state to the next. */
        private void judge(RolloutState before, RolloutState after) {
            if (before == null || !before.plan().equals(after.plan())) {
                check(after.phase() instanceof Phase.Waiting, "a plan that does not begin by waiting");
                return;
            }
            boolean over = before.phase() instanceof Phase.Aborted || before.phase() instanceof Phase.Promoted;
            check(!over, "what is over goes on");
            if (after.phase() instanceof Phase.Holding && before.phase() instanceof Phase.Waiting) {
                check(inForce.equals(after.weight()), "a hold of a weight that is not in force");
            }
            boolean stepped = after.step() > before.step() || after.phase() instanceof Phase.Done;
            if (stepped) {
                check(before.phase() instanceof Phase.Holding, "a step that was not held");
                check(after.step() - before.step() <= 1, "a step was left out");
                OptionalLong hold = plan.steps().get(before.step()).holdMillis();
                check(hold.isPresent() && now - before.sinceMillis() >= hold.getAsLong(), "a hold that was too short");
                check(passes(before), "gates that do not pass");
            }
            if (after.weight().compareTo(before.weight()) > 0) {
                check(stepped, "a weight that rose without a step");
            }
        }

        /** Said once more, without the class that is tested. */
        private boolean passes(RolloutState state) {
            Gates gates = plan.gates();
            if ((gates.limits().isEmpty() && gates.records() == 0)
                    || state.weight().basisPoints() == 0) {
                return true;
            }
            return measures.sinceMillis() == state.sinceMillis()
                    && now - measures.atMillis() <= 30_000
                    && measures.canary().records() >= gates.records()
                    && gates.limits().entrySet().stream()
                            .allMatch(limit -> measures.canary().figures().containsKey(limit.getKey())
                                    && measures.canary().figures().get(limit.getKey()) <= limit.getValue());
        }

        private void command() {
            Action action = Action.values()[random.nextInt(Action.values().length)];
            if (action == Action.ABORT || action == Action.PROMOTE) {
                action = random.nextInt(3) == 0 ? action : Action.RESUME;
            }
            Weight weight = action == Action.SET ? weight() : Weight.NONE;
            Command command = new Command("" + commands++, "c", action, weight, "ada", "");
            RolloutState before = state();
            RolloutEvent event = rollouts.of("c").command(command, plan, inForce, now);
            if (event instanceof RolloutEvent.Refused refused) {
                check(!refused.reason().isEmpty(), "refused without a reason");
                check(action != Action.SET || before == null, "a weight by hand was refused");
                log.add(event);
                rollouts.apply(event);
                check(before == state(), "a refusal changes something");
            } else {
                take(event);
                switch (action) {
                    case SET -> check(state().weight().equals(weight), "not the weight that was said");
                    case PAUSE -> check(state().weight().equals(inForce), "a pause that moves");
                    case RESUME -> check(state().phase() instanceof Phase.Waiting, "resumed, and it does not go on");
                    case PROMOTE -> check(state().phase() instanceof Phase.Promoted, "not promoted");
                    case ABORT -> check(state().phase() instanceof Phase.Aborted, "not aborted");
                }
            }
            check(rollouts.isAnswered(command.id()), "a command without an answer");
        }

        private void restart() {
            RolloutState before = state();
            Set<String> answered = new HashSet<>();
            RolloutLog read = new RolloutLog();
            log.forEach(read::apply);
            for (int i = 0; i < commands; i++) {
                answered.add(read.isAnswered("" + i) ? "" : "command " + i);
            }
            rollouts = read;
            check(before == null ? state() == null : before.equals(state()), "the log says something else");
            check(answered.stream().allMatch(String::isEmpty), "an answer was lost");
        }

        private void measure() {
            RolloutState state = state();
            if (state == null || random.nextInt(4) == 0) {
                return; // the old ones stay, and grow older
            }
            Map<Figure, Double> figures = switch (random.nextInt(5)) {
                case 0 -> Map.of();
                case 1 -> Map.of(Figure.TIME_LAG, random.nextDouble(2_000), Figure.ERROR_SHARE, random.nextDouble(0.1));
                default -> Map.of(Figure.TIME_LAG, random.nextDouble(900), Figure.ERROR_SHARE, 0.0);
            };
            measures = new Measures(
                    now,
                    state.sinceMillis(),
                    Measures.Version.UNKNOWN,
                    new Measures.Version(figures, random.nextLong(200)));
        }

        private RolloutPlan plan() {
            List<Step> steps = new ArrayList<>();
            TreeSet<Weight> weights = new TreeSet<>();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                weights.add(weight());
            }
            weights.forEach(weight -> steps.add(new Step(
                    weight, random.nextInt(8) == 0 ? OptionalLong.empty() : OptionalLong.of(random.nextLong(60_000)))));
            Gates.OnFailure onFailure = random.nextBoolean() ? Gates.OnFailure.ABORT : Gates.OnFailure.PAUSE;
            Gates gates = switch (random.nextInt(4)) {
                case 0 -> Gates.NONE;
                case 1 -> new Gates(Map.of(), 100, onFailure);
                default -> new Gates(Map.of(Figure.TIME_LAG, 1_000.0, Figure.ERROR_SHARE, 0.05), 50, onFailure);
            };
            return new RolloutPlan(steps, gates);
        }

        private Weight weight() {
            return new Weight(random.nextInt(8) == 0 ? Weight.ALL : random.nextInt(100) * 100);
        }

        private void check(boolean holds, String broken) {
            assertThat(holds)
                    .as(() -> "seed " + seed + ": " + broken + "; " + plan + "; " + state() + "; " + measures + " at "
                            + now)
                    .isTrue();
        }
    }
}
