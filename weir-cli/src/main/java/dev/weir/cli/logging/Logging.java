package dev.weir.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Configures Logback in code: a file of XML would cost a tenth of a second at each start. */
public final class Logging {
    private static final String[] LIBRARIES = {
        "org.apache.kafka",
        "kafka",
        "state.change.logger",
        "io.netty",
        "io.opentelemetry",
        "io.vertx",
        "org.eclipse.jgit",
        "org.apache.sshd"
    };
    private static final String LINE =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSX\",UTC} %-5level %logger{0} %msg %kvp{DOUBLE}%n%ex";

    private Logging() {}

    /**
     * For a service: everything from {@code level} on, on standard output, where systemd and containers expect it.
     * Libraries log warnings and errors, Kafka's clients each once a minute; or all when {@code level} is {@code TRACE}.
     *
     * @return the warnings and errors that were logged last
     */
    public static RecentErrors forService(LogLevel level, LogFormat format) {
        Level libraries = level == LogLevel.TRACE ? Level.DEBUG : Level.WARN;
        return configure(context(), level, libraries, "System.out", format);
    }

    /**
     * For the demo, whose screen tells what happens, also to policy: only other errors of Weir itself, on standard
     * error.
     *
     * @return the warnings and errors that were logged last, also those that are not shown
     */
    public static RecentErrors forDemo(LogLevel level) {
        Level libraries = level == LogLevel.DEBUG || level == LogLevel.TRACE ? Level.WARN : Level.OFF;
        RecentErrors recent = configure(context(), level, libraries, "System.err", LogFormat.TEXT);
        if (level == LogLevel.ERROR) {
            context().getLogger("dev.weir.policy").setLevel(Level.OFF);
        }
        return recent;
    }

    /** Brings what libraries log by {@code java.util.logging} here, too: for those who use such a library. */
    public static void bridgeJavaLogging() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    static RecentErrors configure(
            LoggerContext context, LogLevel level, Level libraries, String stream, LogFormat format) {
        context.reset();
        RecentErrors recent = new RecentErrors();
        recent.setContext(context);
        recent.start();
        Appender<ILoggingEvent> console = console(context, stream, encoder(context, format));
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level.level());
        root.addAppender(console);
        root.addAppender(recent);
        for (String library : LIBRARIES) {
            context.getLogger(library).setLevel(libraries);
        }
        if (libraries.isGreaterOrEqual(Level.WARN)) {
            context.addTurboFilter(new KafkaRepetitions(System::nanoTime));
        }
        return recent;
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private static Appender<ILoggingEvent> console(
            LoggerContext context, String stream, Encoder<ILoggingEvent> encoder) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget(stream);
        console.setEncoder(encoder);
        console.start();
        return console;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        EncoderBase<ILoggingEvent> encoder;
        if (format == LogFormat.JSON) {
            JsonEncoder json = new JsonEncoder();
            json.setWithSequenceNumber(false);
            json.setWithNanoseconds(false);
            json.setWithContext(false);
            json.setWithMDC(false);
            json.setWithArguments(false);
            json.setWithFormattedMessage(false);
            encoder = json;
        } else {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(LINE);
            encoder = text;
        }
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
