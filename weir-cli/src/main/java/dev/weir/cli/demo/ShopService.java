package dev.weir.cli.demo;

import dev.weir.cli.demo.Flow.Action;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sample service: an ordinary Kafka application with clients as they come, on a thread of its own. It knows
 * nothing of Weir but a bootstrap address and its credentials. A denial does not end it: it tries again each second.
 */
final class ShopService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShopService.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** How long a service that pauses works in between. */
    private static final Duration WORK = Duration.ofSeconds(15);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final long ORDER_MILLIS = 200;
    private static final long RETRY_MILLIS = 1_000;
    /** Each so-manieth record lacks a field. */
    private static final long BAD_EVERY = 50;
    /** Shorter than Kafka's 5 s: what is not committed counts as late. */
    private static final int COMMIT_MILLIS = 1_000;

    private final Role role;
    private final Map<String, Object> clientProperties;
    private final Witness witness;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicLong sequence = new AtomicLong();
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

    /** Told what becomes of records; any thread. */
    interface Witness {
        /** A record was acknowledged or received. */
        void passed(Role role, Flow flow, String key);

        /** A record was refused for what is in it. */
        void refused(Flow flow, String message);
    }

    /**
     * @param access what a client connects and logs in with
     */
    ShopService(Role role, Map<String, Object> access, Witness witness) {
        this.role = role;
        this.clientProperties = clientProperties(role, access);
        this.witness = witness;
        this.thread = new Thread(this::run, "demo-" + role.clientId());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private static Map<String, Object> clientProperties(Role role, Map<String, Object> access) {
        Map<String, Object> properties = new HashMap<>(access);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, role.clientId());
        properties.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, (int) RETRY_MILLIS);
        return properties;
    }

    private void run() {
        try (KafkaProducer<String, byte[]> producer = role.writes() == null ? null : producer()) {
            if (role.reads().isEmpty()) {
                makeUpRecords(producer);
            } else {
                work(producer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("service", role.clientId()).setCause(e).log("a sample service ended");
        }
    }

    private KafkaProducer<String, byte[]> producer() {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private void makeUpRecords(@Nullable KafkaProducer<String, byte[]> producer) throws InterruptedException {
        while (!stopping.await(ORDER_MILLIS, TimeUnit.MILLISECONDS)) {
            long number = sequence.get() + 1;
            String order = "order-" + number;
            send(producer, order, ShopRecords.order(order, 1 + number % 90));
        }
    }

    private void work(@Nullable KafkaProducer<String, byte[]> producer) throws InterruptedException {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, role.group());
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        KafkaConsumer<String, byte[]> reading =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        consumer = reading;
        try {
            reading.subscribe(role.reads());
            long workedSinceNanos = System.nanoTime();
            while (stopping.getCount() > 0) {
                pollOnce(reading, producer);
                if (!role.pauses().isZero() && System.nanoTime() - workedSinceNanos > WORK.toNanos()) {
                    stopping.await(role.pauses().toMillis(), TimeUnit.MILLISECONDS);
                    workedSinceNanos = System.nanoTime();
                }
            }
        } catch (WakeupException e) {
            // asked to stop
        } finally {
            closeQuietly(reading);
        }
    }

    private void pollOnce(KafkaConsumer<String, byte[]> reading, @Nullable KafkaProducer<String, byte[]> producer)
            throws InterruptedException {
        try {
            for (ConsumerRecord<String, byte[]> record : reading.poll(POLL)) {
                String order =
                        Objects.requireNonNullElse(record.key(), ""); // whoever tries the demo may write without one
                if (stopping.await(role.takes().toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                witness.passed(role, new Flow(role.user(), Action.CONSUME, record.topic()), order);
                send(producer, order, ShopRecords.payment(order));
            }
        } catch (AuthorizationException e) {
            LOG.atDebug().addKeyValue("service", role.clientId()).setCause(e).log("denied");
            stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void send(@Nullable KafkaProducer<String, byte[]> producer, String order, byte[] value) {
        String topic = role.writes();
        if (producer == null || topic == null) {
            return;
        }
        if (sequence.incrementAndGet() % BAD_EVERY != 0) {
            send(producer, new ProducerRecord<>(topic, order, value));
            return;
        }
        // alone, since a batch of an idempotent producer is refused as a whole
        producer.flush();
        send(producer, new ProducerRecord<>(topic, order, ShopRecords.withoutLastField(order)));
        producer.flush();
    }

    private void send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
        Flow flow = new Flow(role.user(), Action.PRODUCE, record.topic());
        producer.send(record, (metadata, failure) -> {
            if (failure == null) {
                witness.passed(role, flow, record.key());
            } else if (failure instanceof InvalidRecordException) {
                witness.refused(flow, String.valueOf(failure.getMessage()));
            }
        });
    }

    private void closeQuietly(KafkaConsumer<String, byte[]> reading) {
        try {
            reading.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_TIMEOUT));
        } catch (RuntimeException e) {
            LOG.atDebug()
                    .addKeyValue("service", role.clientId())
                    .setCause(e)
                    .log("consumer did not close as it should");
        }
    }

    /** Whether it makes up the orders that the others work on. */
    boolean takesOrders() {
        return role.reads().isEmpty();
    }

    /** Tells the service to end; {@link #join} waits until it has. */
    @Override
    public void close() {
        stopping.countDown();
        KafkaConsumer<String, byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
    }

    void join(Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
    }
}
