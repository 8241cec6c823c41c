package dev.weir.policy.decide;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The faults that one client may be hit by, in the order of the files. Immutable; any thread. */
public final class ClientFaults {
    /** For a client that has none to fear. */
    public static final ClientFaults NONE = new ClientFaults(List.of());

    private final List<FaultPolicy> faults;

    private ClientFaults(List<FaultPolicy> faults) {
        this.faults = List.copyOf(faults);
    }

    public static ClientFaults of(List<FaultPolicy> faults) {
        return faults.isEmpty() ? NONE : new ClientFaults(faults);
    }

    public boolean isEmpty() {
        return faults.isEmpty();
    }

    /**
     * Those that a request is drawn for, each by a draw of its own. Which topics it names is not asked yet. Allocates only
     * when there are any.
     */
    public List<FaultPolicy> draw(short apiKey, RandomGenerator random) {
        List<FaultPolicy> drawn = List.of();
        for (int i = 0; i < faults.size(); i++) { // no iterator: it is asked for each request
            FaultPolicy fault = faults.get(i);
            if (fault.concerns(apiKey) && random.nextInt(FaultPolicy.ALL_BASIS_POINTS) < fault.shareBasisPoints()) {
                if (drawn.isEmpty()) {
                    drawn = new ArrayList<>(2);
                }
                drawn.add(fault);
            }
        }
        return drawn;
    }
}
