package dev.weir.proxy.deadletter;

import java.util.List;

/** What became of records that were to be kept. */
public sealed interface Keeping {

    /**
     * All replicas that there have to be have them.
     *
     * @param places where each is, in order
     */
    record Kept(List<Place> places) implements Keeping {
        public Kept {
            places = List.copyOf(places);
        }
    }

    /**
     * At least one is not there; others may be.
     *
     * @param forGood whether it would be the same at the next try
     * @param reason in words, for whoever wrote them
     */
    record Failed(boolean forGood, String reason) implements Keeping {}

    /** A place in the dead-letter topic. */
    record Place(int partition, long offset) {}
}
