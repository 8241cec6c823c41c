package dev.weir.proxy.equivalence;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringSerializer;

/** One broker with StandardAuthorizer, Weir in front of it, and the {@link User}s' connections to both. */
final class Laboratory implements AutoCloseable {
    private static final String USERS = "USERS";
    private static final String ROOT = "root";

    private final EmbeddedKafka kafka;
    private final Map<String, Uuid> ids = new HashMap<>();
    private final Map<Side, Map<User, RawKafkaConnection>> connections = new EnumMap<>(Side.class);
    private final RawKafkaConnection root;
    private ProxyFixture weir;

    Laboratory() throws Exception {
        Map<String, String> users = Stream.of(User.values()).collect(Collectors.toMap(User::login, User::login));
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.saslPlain(USERS, users))
                .listener(ClientListener.saslPlain("FOR_WEIR", Map.of(ROOT, ROOT)))
                .authorizer("User:" + ROOT)
                .property("group.initial.rebalance.delay.ms", "0")
                .property("offsets.topic.num.partitions", "1")
                .property("transaction.state.log.num.partitions", "1")
                .property("share.coordinator.state.topic.num.partitions", "1")
                .start();
        root = RawKafkaConnection.open(kafka.bootstrap("FOR_WEIR")).login(ROOT, ROOT);
        kafka.admin().createAcls(Rights.forKafka()).all().get(30, TimeUnit.SECONDS);
        awaitCoordinators();
    }

    Admin admin() {
        return kafka.admin();
    }

    RawKafkaConnection root() {
        return root;
    }

    Map<String, Uuid> ids() {
        return ids;
    }

    /** Creates topics of one partition, and gives some of them a few records. */
    void createTopics(Collection<String> names, Collection<String> withRecords) throws Exception {
        CreateTopicsResult result = admin().createTopics(names.stream()
                .map(name -> new NewTopic(name, 1, (short) 1))
                .toList());
        result.all().get(60, TimeUnit.SECONDS);
        for (String name : names) {
            ids.put(name, result.topicId(name).get());
        }
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(kafka.superUserProperties(), new StringSerializer(), new StringSerializer())) {
            for (String topic : withRecords) {
                for (int i = 0; i < 5; i++) {
                    producer.send(new ProducerRecord<>(topic, 0, "key", "value" + i));
                }
            }
            producer.flush();
        }
    }

    /** Makes groups by committing an offset for a topic of each. */
    void createGroups(Collection<String> groups, Collection<String> topics) throws Exception {
        for (String group : groups) {
            Map<TopicPartition, OffsetAndMetadata> offsets = topics.stream()
                    .collect(
                            Collectors.toMap(topic -> new TopicPartition(topic, 0), topic -> new OffsetAndMetadata(3)));
            admin().alterConsumerGroupOffsets(group, offsets).all().get(30, TimeUnit.SECONDS);
        }
    }

    /** Starts Weir, once everything is there that requests are going to name. */
    void startWeir(Path dir) throws Exception {
        awaitSettled().untilAsserted(() -> {
            assertThat(admin().listTopics().names().get(10, TimeUnit.SECONDS)).containsAll(ids.keySet());
            assertThat(admin().describeAcls(AclBindingFilter.ANY).values().get(10, TimeUnit.SECONDS))
                    .hasSameSizeAs(Rights.forKafka());
        });
        Path users = dir.resolve("users");
        Files.writeString(
                users,
                Stream.of(User.values())
                        .map(user -> user.login() + ":"
                                + PasswordHash.create(user.login(), PasswordHash.ITERATIONS_MIN)
                                        .encoded())
                        .collect(Collectors.joining("\n", "", "\n")));
        weir = ProxyFixture.inFrontOf(kafka.bootstrap("FOR_WEIR"))
                .upstream(null, UpstreamSasl.plain(ROOT, ROOT))
                .listener("users", null, new ListenerSasl(users, true))
                .policy(Rights.forWeir())
                .start();
    }

    /** The connection that a user keeps on a side. */
    RawKafkaConnection connection(Side side, User user) {
        return connections
                .computeIfAbsent(side, any -> new EnumMap<>(User.class))
                .computeIfAbsent(user, any -> login(open(side), user));
    }

    /** The next request opens a new connection: this one is of no more use. */
    void forget(Side side, User user) {
        RawKafkaConnection connection = connections.getOrDefault(side, Map.of()).remove(user);
        if (connection != null) {
            connection.close();
        }
    }

    static RawKafkaConnection login(RawKafkaConnection connection, User user) {
        return connection.login(user.login(), user.login());
    }

    RawKafkaConnection open(Side side) {
        return RawKafkaConnection.open(side == Side.KAFKA ? kafka.bootstrap(USERS) : weir.bootstrap("users"));
    }

    /** Kafka's own topics are made on first use; until then every answer depends on when it is asked. */
    private void awaitCoordinators() {
        for (byte type : new byte[] {0, 1}) {
            FindCoordinatorRequestData request =
                    new FindCoordinatorRequestData().setKeyType(type).setCoordinatorKeys(List.of("any"));
            awaitSettled()
                    .untilAsserted(() -> assertThat(root.request(request, (short) 4)
                                    .as(FindCoordinatorResponseData.class)
                                    .coordinators())
                            .allMatch(coordinator -> coordinator.errorCode() == Errors.NONE.code()));
        }
    }

    @Override
    public void close() {
        connections.values().forEach(each -> each.values().forEach(RawKafkaConnection::close));
        root.close();
        if (weir != null) {
            weir.close();
        }
        kafka.close();
    }
}
