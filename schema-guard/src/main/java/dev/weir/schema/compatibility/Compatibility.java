package dev.weir.schema.compatibility;

import java.util.List;

/** What a new version of a schema has to keep; the names are those of schema registries. */
public enum Compatibility {
    /** Consumers with the new schema read what the old one wrote: consumers are upgraded first. */
    BACKWARD,
    /** Consumers with the old schema read what the new one writes: producers are upgraded first. */
    FORWARD,
    /** Both: in any order. */
    FULL;

    public List<Direction> directions() {
        return switch (this) {
            case BACKWARD -> List.of(Direction.BACKWARD);
            case FORWARD -> List.of(Direction.FORWARD);
            case FULL -> List.of(Direction.BACKWARD, Direction.FORWARD);
        };
    }
}
