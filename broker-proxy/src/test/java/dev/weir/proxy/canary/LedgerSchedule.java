package dev.weir.proxy.canary;

import dev.weir.canary.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What happens in a run, drawn from a seed: five weights, of which one is 100% and the others from 10% to 90%, one after another never the
 * same; and each disturbance once, at one of the weights.
 */
record LedgerSchedule(long seed, List<Step> steps) {
    private static final int STEPS = 5;
    private static final int LEAST = 10;
    private static final int MOST = 90;

    /** What may come between. */
    enum Disturbance {
        STABLE_CRASH,
        CANARY_CRASH,
        BROKER_RESTART,
        CONTROLLER_CHANGE,
        PARTITION_ADDED,
        PROXY_REPLACED
    }

    /**
     * A weight, and what happens there.
     *
     * @param early whether it happens while the weight is being changed, or when the proxies serve by it
     */
    record Step(Weight weight, boolean early, List<Disturbance> disturbances) {
        @Override
        public String toString() {
            return weight + (disturbances.isEmpty() ? "" : (early ? " during " : " then ") + disturbances);
        }
    }

    /** The same for the same seed. */
    static LedgerSchedule of(long seed) {
        Random random = new Random(seed);
        List<Weight> weights = weights(random);
        Map<Disturbance, Integer> places = new EnumMap<>(Disturbance.class);
        List<Disturbance> order = new ArrayList<>(List.of(Disturbance.values()));
        Collections.shuffle(order, random);
        for (Disturbance disturbance : order) {
            int place = random.nextInt(STEPS);
            if (disturbance == Disturbance.STABLE_CRASH && weights.get(place).basisPoints() == Weight.ALL) {
                place = (place + 1) % STEPS; // it would get nothing to crash with
            }
            places.put(disturbance, place);
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            int place = i;
            steps.add(new Step(
                    weights.get(i),
                    random.nextBoolean(),
                    order.stream()
                            .filter(disturbance -> places.get(disturbance) == place)
                            .toList()));
        }
        return new LedgerSchedule(seed, List.copyOf(steps));
    }

    private static List<Weight> weights(Random random) {
        int all = random.nextInt(STEPS);
        List<Weight> weights = new ArrayList<>();
        int last = 0;
        for (int i = 0; i < STEPS; i++) {
            int percent = i == all ? 100 : LEAST + random.nextInt(MOST - LEAST);
            last = percent == last ? MOST : percent; // which is not drawn
            weights.add(Weight.parse(last + "%"));
        }
        return weights;
    }

    @Override
    public String toString() {
        return "-Dweir.test.seed=" + seed + ": "
                + steps.stream().map(Step::toString).collect(Collectors.joining(", "));
    }
}
