package dev.weir.topology.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.layout.GraphLayout.Rect;
import dev.weir.topology.layout.Layouts.Shape;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.Topology;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutsTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Topology SHOP = topology(SampleMesh.shop());

    @ParameterizedTest
    @CsvSource({"TOPICS, false", "TOPICS, true", "SERVICES, false", "SERVICES, true"})
    void everyNodeHasAPlaceOfItsOwn(Shape shape, boolean boxes) {
        GraphLayout layout = new Layouts().place(SHOP, shape, boxes);

        SHOP.nodes().stream()
                .filter(node -> shape == Shape.TOPICS || node.kind() != Node.Kind.TOPIC)
                .forEach(node -> assertThat(layout.nodes()).containsKey(node.id()));
        assertApart(layout);
    }

    @Test
    void recordsFlowFromLeftToRight() {
        Map<String, Rect> nodes = new Layouts().place(SHOP, Shape.TOPICS, false).nodes();

        long backwards = SHOP.edges().stream()
                .filter(edge ->
                        rect(nodes, edge.from()).x() >= rect(nodes, edge.to()).x())
                .count();
        assertThat(backwards).isZero();
    }

    @Test
    void theOrderOfWhatComesDoesNotMatter() {
        List<Node> nodes = new ArrayList<>(SHOP.nodes());
        List<Edge> edges = new ArrayList<>(SHOP.edges());
        Collections.shuffle(nodes, new Random(7));
        Collections.shuffle(edges, new Random(8));
        Topology shuffled = new Topology(0, 60_000, false, nodes, edges, 0, SHOP.coverage(), List.of());

        assertThat(new Layouts().place(shuffled, Shape.TOPICS, false))
                .isEqualTo(new Layouts().place(SHOP, Shape.TOPICS, false));
    }

    @Test
    void nothingMovesWhenAServiceComesOrGoes() {
        Layouts layouts = new Layouts();
        GraphLayout before = layouts.place(SHOP, Shape.TOPICS, false);

        GraphLayout with = layouts.place(topology(SampleMesh.shop().with("newcomer")), Shape.TOPICS, false);
        assertThat(with.nodes()).containsAllEntriesOf(before.nodes()).containsKey("service:newcomer");
        assertApart(with);

        assertThat(layouts.place(SHOP, Shape.TOPICS, false).nodes()).containsAllEntriesOf(before.nodes());
    }

    @Test
    void aMeshThatGrowsFromNothingFlowsFromLeftToRightOnceItHasSettled() {
        AtomicLong now = new AtomicLong();
        Layouts layouts = new Layouts(now::get);
        for (int edges = 0; edges <= SHOP.edges().size(); edges += 4) {
            List<Edge> known = SHOP.edges().subList(0, edges);
            List<Node> nodes = SHOP.nodes().stream()
                    .filter(node -> known.stream()
                            .anyMatch(edge ->
                                    edge.from().equals(node.id()) || edge.to().equals(node.id())))
                    .toList();
            GraphLayout layout = layouts.place(
                    new Topology(0, 60_000, false, nodes, known, 0, SHOP.coverage(), List.of()), Shape.TOPICS, false);
            assertApart(layout);
            assertThat(layout.nodes()).hasSameSizeAs(nodes);
        }
        // What was inserted last stays where there was room for it, as long as more may come.
        GraphLayout growing = layouts.place(SHOP, Shape.TOPICS, false);
        assertThat(backwards(SHOP, growing)).isPositive();
        now.addAndGet(StableLayout.SETTLE_MILLIS - 1);
        assertThat(layouts.place(SHOP, Shape.TOPICS, false)).isEqualTo(growing);
        now.addAndGet(1);
        GraphLayout settled = layouts.place(SHOP, Shape.TOPICS, false);
        assertThat(backwards(SHOP, settled)).isZero();
        now.addAndGet(StableLayout.SETTLE_MILLIS);
        assertThat(layouts.place(SHOP, Shape.TOPICS, false)).isSameAs(settled);
    }

    @Test
    void aFlowThatRunsBackwardsIsTurnedAndACircleIsLeftAsItIs() {
        AtomicLong now = new AtomicLong();
        Layouts layouts = new Layouts(now::get);
        Topology line = line("a", "b", "c");
        layouts.place(line, Shape.TOPICS, false);
        Topology another = line("b", "a", "c");
        layouts.place(another, Shape.TOPICS, false);
        now.addAndGet(StableLayout.SETTLE_MILLIS);
        assertThat(backwards(another, layouts.place(another, Shape.TOPICS, false)))
                .isZero();

        Topology circle = line("b", "a", "c", "b");
        GraphLayout before = layouts.place(circle, Shape.TOPICS, false);
        now.addAndGet(StableLayout.SETTLE_MILLIS);
        assertThat(layouts.place(circle, Shape.TOPICS, false)).isEqualTo(before);
    }

    private static Topology line(String... services) {
        return topology(SampleMesh.line(services));
    }

    private static long backwards(Topology topology, GraphLayout layout) {
        return topology.edges().stream()
                .filter(edge -> rect(layout.nodes(), edge.from()).x()
                        >= rect(layout.nodes(), edge.to()).x())
                .count();
    }

    @Test
    void whenNobodyLooksForLongItDependsOnTheMeshOnly() {
        AtomicLong now = new AtomicLong();
        Layouts one = new Layouts(now::get);
        one.place(SHOP, Shape.TOPICS, false);
        Topology with = topology(SampleMesh.shop().with("newcomer"));
        GraphLayout inserted = one.place(with, Shape.TOPICS, false);
        now.addAndGet(StableLayout.UNWATCHED_MILLIS - 1);
        assertThat(one.place(with, Shape.TOPICS, false)).isEqualTo(inserted);
        now.addAndGet(StableLayout.UNWATCHED_MILLIS);
        assertThat(one.place(with, Shape.TOPICS, false)).isEqualTo(new Layouts().place(with, Shape.TOPICS, false));
    }

    @Test
    void everythingIsLaidOutAnewWhenTheMeshIsAnotherOne() {
        Layouts layouts = new Layouts();
        layouts.place(topology(SampleMesh.hostile()), Shape.TOPICS, false);

        assertThat(layouts.place(SHOP, Shape.TOPICS, false)).isEqualTo(new Layouts().place(SHOP, Shape.TOPICS, false));
    }

    @Test
    void aTeamStandsInItsBox() {
        GraphLayout layout = new Layouts().place(SHOP, Shape.TOPICS, true);

        assertThat(layout.boxes()).containsKeys("orders", "payments", "logistics", "web", "data");
        for (Node node : SHOP.nodes()) {
            Rect box = layout.boxes().get(node.team());
            Rect rect = rect(layout.nodes(), node.id());
            assertThat(box).isNotNull();
            assertThat(rect.x()).isGreaterThanOrEqualTo(box.x());
            assertThat(rect.right()).isLessThanOrEqualTo(box.right());
            assertThat(rect.bottom()).isLessThanOrEqualTo(box.bottom());
        }
    }

    @Test
    void aLargeMeshTakesSecondsOnceAndNothingAfterwards() { // of this thread's own time, whatever else runs
        Topology large = topology(SampleMesh.large());
        Layouts layouts = new Layouts();
        long start = THREADS.getCurrentThreadCpuTime();
        GraphLayout first = layouts.place(large, Shape.TOPICS, false);
        long firstMillis = (THREADS.getCurrentThreadCpuTime() - start) / 1_000_000;
        start = THREADS.getCurrentThreadCpuTime();
        assertThat(layouts.place(large, Shape.TOPICS, false)).isSameAs(first);
        long againMillis = (THREADS.getCurrentThreadCpuTime() - start) / 1_000_000;
        System.out.printf("layout of 1,000 services, 5,000 edges: %d ms, then %d ms%n", firstMillis, againMillis);

        assertApart(first);
        assertThat(firstMillis).isLessThan(60_000);
        assertThat(againMillis).isLessThan(1_000);
    }

    private static void assertApart(GraphLayout layout) {
        List<Rect> rects = List.copyOf(layout.nodes().values());
        for (int i = 0; i < rects.size(); i++) {
            Rect one = rects.get(i);
            for (Rect other : rects.subList(i + 1, rects.size())) {
                boolean apart = one.right() <= other.x()
                        || other.right() <= one.x()
                        || one.bottom() <= other.y()
                        || other.bottom() <= one.y();
                if (!apart) {
                    throw new AssertionError(one + " covers " + other);
                }
            }
        }
    }

    private static Rect rect(Map<String, Rect> nodes, String id) {
        Rect rect = nodes.get(id);
        assertThat(rect).as(id).isNotNull();
        return rect;
    }

    private static Topology topology(SampleMesh mesh) {
        return new SampleView(mesh).topology(Moment.NOW);
    }
}
