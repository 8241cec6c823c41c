package dev.weir.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.view.Edge;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewJsonTest {
    @Test
    void whatAnotherVersionSaysOrDoesNotSayIsTaken() {
        assertThat(checked("{\"checked\": 5, \"invalid\": 1, \"validShare\": 0.8}"))
                .isEqualTo(Edge.Checked.of(5, 1, Map.of()));
        assertThat(checked(
                                "{\"checked\": 5, \"invalid\": 1, \"validShare\": 0.8, \"reasons\": {\"new\": 1}, \"more\": 2}")
                        .reasons())
                .containsEntry("new", 1L);
    }

    private static Edge.Checked checked(String json) {
        return ViewJson.read(ViewJson.tree(json, "here"), Edge.Checked.class, "here");
    }
}
