package dev.weir.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LoggingTest {

    @Test
    void aLineOfTextHasItsKeysAndValuesAtTheEnd() {
        String text = logged(
                LogLevel.INFO,
                LogFormat.TEXT,
                context -> context.getLogger("dev.weir.proxy.Listener")
                        .atInfo()
                        .addKeyValue("listener", "internal")
                        .log("listener bound"));
        assertThat(text)
                .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z INFO  Listener listener bound listener=\"internal\"\\R");
    }

    @Test
    void aLineOfJsonIsOneObject() throws Exception {
        String text = logged(
                LogLevel.INFO,
                LogFormat.JSON,
                context -> context.getLogger("dev.weir.proxy.Listener")
                        .atWarn()
                        .addKeyValue("listener", "internal")
                        .log("listener bound"));
        assertThat(text.lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(text);
        assertThat(json.path("level").asText()).isEqualTo("WARN");
        assertThat(json.path("message").asText()).isEqualTo("listener bound");
        assertThat(json.path("kvpList").get(0).path("listener").asText()).isEqualTo("internal");
    }

    @Test
    void librariesAreQuieterThanWeir() {
        String text = logged(LogLevel.DEBUG, LogFormat.TEXT, context -> {
            context.getLogger("org.apache.kafka.clients.NetworkClient").info("chatter");
            context.getLogger("dev.weir.proxy.Listener").debug("detail");
            context.getLogger("dev.weir.proxy.Listener").trace("frame");
        });
        assertThat(text).contains("detail").doesNotContain("chatter", "frame");
    }

    @Test
    void kafkasClientsDoNotDrownTheLog() {
        Consumer<LoggerContext> refused = context -> {
            for (int attempt = 0; attempt < 50; attempt++) {
                context.getLogger("org.apache.kafka.clients.NetworkClient")
                        .error("Connection to node -1 (kafka/10.0.0.{}:9092) failed authentication", attempt);
            }
        };
        assertThat(logged(LogLevel.INFO, LogFormat.TEXT, refused).lines()).hasSize(1);
    }

    @Test
    void theLastWarningsAndErrorsAreKept() {
        LoggerContext context = context();
        RecentErrors recent = Logging.configure(context, LogLevel.INFO, Level.WARN, "System.err", LogFormat.TEXT);
        Logger logger = context.getLogger("dev.weir");
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .iteratorForAppenders()
                .forEachRemaining(appender -> {
                    if (appender != recent) {
                        appender.stop();
                    }
                });
        logger.info("not kept");
        for (int i = 0; i < 30; i++) {
            logger.atWarn().addKeyValue("number", i).log("kept " + i);
        }
        logger.atError().setCause(new IllegalStateException("broken")).log("failed");

        assertThat(recent.newestFirst()).hasSize(RecentErrors.KEPT_MAX);
        assertThat(recent.newestFirst().get(0).message()).isEqualTo("failed: broken");
        assertThat(recent.newestFirst().get(0).level()).isEqualTo("ERROR");
        assertThat(recent.newestFirst().get(1).message()).isEqualTo("kept 29 number=29");

        for (int i = 0; i < 30; i++) {
            logger.atWarn()
                    .addKeyValue("kind", "often")
                    .addKeyValue("number", i)
                    .log("told");
        }
        logger.atWarn().addKeyValue("topic", "orders").log("told");
        logger.atWarn().addKeyValue("kind", "seldom").log("told");
        assertThat(recent.newestFirst())
                .extracting(RecentErrors.Entry::message)
                .as("what is said again and again does not push the rest out")
                .startsWith("told kind=seldom", "told topic=orders", "told kind=often number=29")
                .contains("failed: broken")
                .filteredOn(message -> message.contains("often"))
                .hasSize(RecentErrors.KEPT_OF_A_KIND_MAX);
    }

    private static LoggerContext context() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        return context;
    }

    private static String logged(LogLevel level, LogFormat format, Consumer<LoggerContext> logging) {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            LoggerContext context = context();
            Logging.configure(context, level, Level.WARN, "System.out", format);
            logging.accept(context);
            context.stop();
        } finally {
            System.setOut(before);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }
}
