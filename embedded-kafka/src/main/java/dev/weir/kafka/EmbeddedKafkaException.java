package dev.weir.kafka;

/** A node of the embedded cluster could not be formatted, started or reached; the message says which and where. */
public final class EmbeddedKafkaException extends RuntimeException {

    EmbeddedKafkaException(String message) {
        super(message);
    }

    EmbeddedKafkaException(String message, Throwable cause) {
        super(message, cause);
    }
}
