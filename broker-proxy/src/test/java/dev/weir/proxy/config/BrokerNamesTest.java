package dev.weir.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerNamesTest {
    private static final BrokerNames NAMES = BrokerNames.of("kafka.Mesh.example", "Broker-{id}.kafka.mesh.example", 0);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 2_147_483_647})
    void aNodeIdGoesIntoItsNameAndComesBack(int nodeId) {
        assertThat(NAMES.hostOf(nodeId)).isEqualTo("broker-" + nodeId + ".kafka.mesh.example");
        assertThat(NAMES.nodeId(NAMES.hostOf(nodeId))).hasValue(nodeId);
    }

    @Test
    void caseMakesNoDifference() {
        assertThat(NAMES.isBootstrap("KAFKA.mesh.example")).isTrue();
        assertThat(NAMES.nodeId("BROKER-2.kafka.Mesh.example")).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "broker-.kafka.mesh.example",
                "broker-01.kafka.mesh.example",
                "broker--1.kafka.mesh.example",
                "broker-+1.kafka.mesh.example",
                "broker-2147483648.kafka.mesh.example",
                "broker-99999999999999999999.kafka.mesh.example",
                "broker-1x.kafka.mesh.example",
                "broker-1.kafka.mesh.example.evil.example",
                "evil.broker-1.kafka.mesh.example",
                "broker-1.other.mesh.example",
                "kafka.mesh.example"
            })
    void whatIsNotWrittenLikeABrokersNameIsNone(String name) {
        assertThat(NAMES.nodeId(name)).isEmpty();
    }

    @Test
    void prefixAndSuffixDoNotOverlap() {
        assertThat(BrokerNames.of("k.example", "{id}.example", 0).nodeId(".example"))
                .isEmpty();
        assertThat(BrokerNames.of("k.example.example", "a{id}a.example", 0).nodeId("a.example"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.example, broker.example, needs {id} once",
        "kafka.example, '{id}-{id}.example', needs {id} once",
        "kafka, 'broker-{id}.example', the bootstrap name is no host name",
        "kafka.example, 'broker-{id}', the brokers' name is no host name",
        "kafka.example, 'broker_{id}.example', the brokers' name is no host name",
        "kafka.example., 'broker-{id}.example', the bootstrap name is no host name",
        "'7.example', '{id}.example', is also the name of a broker"
    })
    void namesThatWouldNotWorkAreRefused(String bootstrap, String broker, String why) {
        assertThat(BrokerNames.problem(bootstrap, broker)).contains(why);
        assertThatThrownBy(() -> BrokerNames.of(bootstrap, broker, 0)).hasMessageContaining(why);
    }
}
