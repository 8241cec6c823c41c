package dev.weir.bench.endtoend;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.EmbeddedKafkaBuilder;
import java.nio.file.Path;

/**
 * The broker: one client listener for each path to it, each of which tells clients the port at which that path begins.
 * The arguments are the data folder, and {@code NAME:port:advertised port} for each listener. Runs until it is told to end.
 */
final class BrokerProgram {

    private BrokerProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafkaBuilder builder = EmbeddedKafka.builder()
                .dataDir(Path.of(arguments[0]))
                .property("log.segment.bytes", Integer.toString(64 * 1024 * 1024))
                .property("log.retention.check.interval.ms", "2000")
                .property("socket.send.buffer.bytes", "-1")
                .property("socket.receive.buffer.bytes", "-1");
        for (int i = 1; i < arguments.length; i++) {
            String[] parts = arguments[i].split(":", -1);
            builder.listener(ClientListener.plaintext(parts[0])
                    .withFirstPort(Integer.parseInt(parts[1]))
                    .withAdvertisedFirstPort(Integer.parseInt(parts[2])));
        }
        EmbeddedKafka kafka = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
        kafka.createTopic(Topics.PRODUCED, Topics.PARTITIONS);
        kafka.createTopic(Topics.CONSUMED, Topics.PARTITIONS);
        kafka.createTopic(Topics.MIRRORED, Topics.PARTITIONS);
        Thread.currentThread().join();
    }
}
