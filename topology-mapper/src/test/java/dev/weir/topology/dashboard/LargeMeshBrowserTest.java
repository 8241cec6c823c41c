package dev.weir.topology.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 1,000 services and 5,000 edges that change every second. */
class LargeMeshBrowserTest extends DashboardPage {

    /** Measured, with room for a machine that does other work too. */
    @Test
    void aLargeMeshIsThereSoonAndMovesSmoothly() throws IOException {
        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE);
        Vertx vertx = Vertx.vertx();
        SampleMesh mesh = SampleMesh.large();
        SampleView view = new SampleView(mesh);
        ApiServer large = ApiServer.start(vertx, "127.0.0.1", 0, view).await();
        long changes = vertx.setPeriodic(1_000, id -> view.show(mesh));
        try {
            String address = "http://127.0.0.1:" + large.port() + "/";
            page.navigate(address);
            assertThat(graph())
                    .hasAttribute("data-drawn", "true", new LocatorAssertions.HasAttributeOptions().setTimeout(60_000));
            page.navigate(address);
            page.waitForFunction(
                    "() => Number(document.querySelector('#graph')?.dataset.nodes) > 1000 && document.querySelector('#graph').dataset.drawn");
            double firstMillis = number(page.evaluate("() => performance.now()"));
            shoot("large");
            double panning = framesPerSecond(
                    "(event, i) => event('pointermove', 700 + 200 * Math.sin(i / 9), 400 + 90 * Math.cos(i / 7))",
                    "pointerdown");
            double zooming = framesPerSecond("(event, i) => event('wheel', 700, 400, i % 60 < 30 ? -40 : 40)", "");
            String measured = "first picture %.0f ms, panning %.0f frames/s, zooming %.0f frames/s%n"
                    .formatted(firstMillis, panning, zooming);
            System.out.print("dashboard with 1,000 services and 5,000 edges: " + measured);
            Files.writeString(Path.of("target", "dashboard-large.txt"), measured);
            assertThat(firstMillis).isLessThan(30_000);
            assertThat(Math.min(panning, zooming)).isGreaterThan(5);
            shoot("large-after");
            visitLargeCloseUp(address);
        } finally {
            vertx.cancelTimer(changes);
            page.close(); // it would say that nobody is there any more
            large.close().await();
            vertx.close().await();
        }
    }

    private void visitLargeCloseUp(String address) {
        page.navigate(address + "?sel=service:service-0100");
        assertThat(page.locator("aside h2")).hasText("service-0100");
        page.navigate(address + "?boxes=team");
        assertThat(graph())
                .hasAttribute("data-drawn", "true", new LocatorAssertions.HasAttributeOptions().setTimeout(60_000));
        shoot("large-teams");
        page.navigate(address + "?focus=service:service-0100");
        assertThat(graph()).hasAttribute("data-drawn", "true");
        shoot("large-focus");
    }

    private double framesPerSecond(String step, String before) {
        return number(page.evaluate("""
                async ([step, before]) => {
                  const graph = document.querySelector('#graph');
                  const event = (type, x, y, deltaY = 0) => graph.dispatchEvent(type === 'wheel'
                    ? new WheelEvent(type, {clientX: x, clientY: y, deltaY, cancelable: true})
                    : new PointerEvent(type, {clientX: x, clientY: y, pointerId: 1, button: 0}));
                  graph.setPointerCapture = () => {};
                  if (before) event(before, 700, 400);
                  const start = performance.now();
                  let frames = 0;
                  await new Promise((done) => {
                    const next = () => {
                      if (performance.now() - start > 3000) { done(); return; }
                      frames++;
                      STEP
                      requestAnimationFrame(next);
                    };
                    requestAnimationFrame(next);
                  });
                  if (before) graph.dispatchEvent(new PointerEvent('pointerup', {clientX: 10, clientY: 10, pointerId: 1}));
                  return 1000 * frames / (performance.now() - start);
                }
                """.replace("STEP", "(" + step + ")(event, frames);"), List.of(step, before)));
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }
}
