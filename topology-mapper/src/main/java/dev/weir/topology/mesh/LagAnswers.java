package dev.weir.topology.mesh;

import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import java.util.List;

/**
 * What the model of lag answers to the mesh. Called under the read lock of the view table, by any thread; a moment
 * without a time means {@code nowMillis}.
 */
public interface LagAnswers {

    LagAnswers NONE = new LagAnswers() {
        @Override
        public List<GroupLag> groups(Moment moment, long nowMillis) {
            return List.of();
        }

        @Override
        public List<TopicView.Partition> partitions(String cluster, String topic, Moment moment, long nowMillis) {
            return List.of();
        }

        @Override
        public Coverage coverage(Moment moment, long nowMillis) {
            return Coverage.UNKNOWN;
        }

        @Override
        public List<SloView> slos(List<PolicyView.Objective> objectives, Moment moment, long nowMillis) {
            return List.of();
        }
    };

    /** All groups, the worst first. */
    List<GroupLag> groups(Moment moment, long nowMillis);

    /** What is known of a topic's partitions, by number; empty where nothing is. */
    List<TopicView.Partition> partitions(String cluster, String topic, Moment moment, long nowMillis);

    Coverage coverage(Moment moment, long nowMillis);

    List<SloView> slos(List<PolicyView.Objective> objectives, Moment moment, long nowMillis);
}
