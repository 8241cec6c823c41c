package dev.weir.cli.demo;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sample service does.
 *
 * @param user the service, as it logs in
 * @param group its consumer group
 * @param reads topics that it reads; none for a service that makes up its records
 * @param writes the topic that it writes, or {@code null}
 * @param door how it proves who it is
 * @param pauses how long it reads nothing at a time, as if what it works with were slow; zero for never
 * @param takes how long it takes over each record
 */
record Role(
        String user,
        String clientId,
        String group,
        List<String> reads,
        @Nullable String writes,
        Door door,
        Duration pauses,
        Duration takes) {

    /** One that does nothing yet, in a group of its own. */
    static Role of(String user, String clientId, Door door) {
        return new Role(user, clientId, clientId, List.of(), null, door, Duration.ZERO, Duration.ZERO);
    }

    Role in(String newGroup) {
        return new Role(user, clientId, newGroup, reads, writes, door, pauses, takes);
    }

    Role reads(String... topics) {
        return new Role(user, clientId, group, List.of(topics), writes, door, pauses, takes);
    }

    Role writes(String topic) {
        return new Role(user, clientId, group, reads, topic, door, pauses, takes);
    }

    Role pauses(Duration time) {
        return new Role(user, clientId, group, reads, writes, door, time, takes);
    }

    Role takes(Duration time) {
        return new Role(user, clientId, group, reads, writes, door, pauses, time);
    }
}
