package dev.weir.topology.edge;

import static dev.weir.topology.TestReports.consumed;
import static dev.weir.topology.TestReports.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.mesh.report.v1.Flow;
import dev.weir.topology.state.v1.EdgeRecord;
import dev.weir.topology.state.v1.Slot;
import java.util.List;
import org.junit.jupiter.api.Test;

class EdgeStateTest {
    private static final long START = 1_800_000_000_000L;

    @Test
    void whatWasStoredGoesOnAsItWas() throws Exception {
        EdgeState edge = null;
        for (int second = 1; second <= 400; second++) {
            Flow flow = flow(second);
            if (edge == null) {
                EdgeKey key = EdgeKey.of(flow);
                edge = new EdgeState(key, key.id(), START);
            }
            assertThat(take(edge, flow)).isEqualTo(EdgeState.Outcome.TAKEN);
        }
        EdgeState restored = new EdgeState(dev.weir.topology.state.v1.EdgeState.parseFrom(edge.toStored()));
        List<EdgeRecord> records = edge.changedRecords();
        assertThat(records).hasSize(2);
        assertThat(restored.changedRecords()).containsExactlyInAnyOrderElementsOf(records);
        assertThat(records.get(0).getClientsList()).hasSize(1);
        assertThat(take(restored, flow(399))).isEqualTo(EdgeState.Outcome.DUPLICATE);
        assertThat(take(restored, flow(401))).isEqualTo(EdgeState.Outcome.TAKEN);
        assertThat(restored.fold(START + 300_000)).hasSize(1);
        assertThat(restored.fold(START + 300_000)).isEmpty();
    }

    @Test
    void aReportIsCountedInProportionToTheTimeThatItHasInEachSlot() {
        Flow flow = consumed(header("p", 1, 1, START + 10_500), "billing", "orders", "billing", 101);
        EdgeKey key = EdgeKey.of(flow);
        EdgeState edge = new EdgeState(key, key.id(), START);

        edge.take(flow, START + 7_000, START + 12_000, edge.id());

        assertThat(edge.changedRecords()).singleElement().satisfies(record -> {
            assertThat(record.getRecordsTotal()).isEqualTo(101);
            assertThat(record.getSlots().getSlotsList())
                    .extracting(Slot::getIndex, Slot::getRecords, Slot::getBytes)
                    .containsExactly(tuple(0, 60L, 6_060L), tuple(1, 41L, 4_040L));
        });
    }

    @Test
    void aReportOfMoreTimeThanIsOpenIsStillCountedAsAWhole() {
        Flow flow = consumed(header("p", 1, 1, START + 1_000_000), "billing", "orders", "billing", 1_000);
        EdgeKey key = EdgeKey.of(flow);
        EdgeState edge = new EdgeState(key, key.id(), START + 1_000_000);

        assertThat(edge.take(flow, START + 200_000, START + 1_000_000, edge.id()))
                .isEqualTo(EdgeState.Outcome.TAKEN);

        assertThat(edge.changedRecords().stream()
                        .flatMap(record -> record.getSlots().getSlotsList().stream())
                        .mapToLong(Slot::getRecords)
                        .sum())
                .isEqualTo(1_000);
    }

    private static Flow flow(int second) {
        return consumed(header("p", 1, second, START + second * 1_000L), "billing", "orders", "", 1);
    }

    private static EdgeState.Outcome take(EdgeState edge, Flow flow) {
        return edge.take(
                flow, flow.getHeader().getFromMillis(), flow.getHeader().getToMillis(), edge.id());
    }
}
