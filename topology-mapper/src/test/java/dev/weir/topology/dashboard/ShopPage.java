package dev.weir.topology.dashboard;

import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.sample.SampleCanaries;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import dev.weir.topology.view.Freshness;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The dashboard of a small shop, in a browser. */
abstract class ShopPage extends DashboardPage {
    static Vertx vertx;
    static SampleView shop;
    static SampleCanaries canaries;
    static ApiServer api;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        shop = new SampleView(SampleMesh.shop());
        canaries = new SampleCanaries();
        api = ApiServer.start(vertx, "127.0.0.1", 0, shop, canaries, null).await();
    }

    @AfterAll
    static void stop() {
        api.close().await();
        vertx.close().await();
    }

    @BeforeEach
    final void open() {
        shop.show(SampleMesh.shop());
        shop.freshness(new Freshness(Freshness.State.LIVE, 1, System.currentTimeMillis(), ""));
        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE);
    }

    final void visit(String query) {
        visit(api, query);
    }
}
