package dev.weir.policy.parse;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.Condition;
import dev.weir.policy.model.IpAddress;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Network;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code when:} of a rule, and {@code with:} of a test, which states what the former asks. */
final class ConditionReader {
    private ConditionReader() {}

    static Condition read(YamlObject when) {
        List<Network> sources = texts(when, "source").stream()
                .flatMap(text -> network(text, when).stream())
                .toList();
        List<NamePattern> clientIds = texts(when, "clientId").stream()
                .flatMap(text -> Patterns.read(text, when.problems()).stream())
                .toList();
        Set<Mechanism> mechanisms = when.has("mechanism")
                ? when.requiredValues("mechanism", "at least one mechanism").stream()
                        .flatMap(value -> value.choice(Words.MECHANISMS).stream())
                        .collect(Collectors.toSet())
                : Set.of();
        List<Condition.Claim> claims =
                when.object("claims", ConditionReader::claims).orElse(List.of());
        Condition condition = new Condition(when.bool("tls"), mechanisms, sources, claims, clientIds);
        if (when.isEmpty()) {
            when.problems()
                    .add(when.at(), "the condition is empty", "{}", "tls, mechanism, source, claims or clientId");
        }
        return condition;
    }

    /** Circumstances as a test states them; what it does not state is not known. */
    static Circumstances circumstances(YamlObject with) {
        Optional<IpAddress> source = with.text("source").flatMap(text -> {
            Optional<IpAddress> address = IpAddress.parse(text.value());
            if (address.isEmpty()) {
                with.problems().add(text.at(), "not an IP address", '"' + text.value() + '"', "such as 10.1.2.3");
            }
            return address;
        });
        Map<String, List<String>> claims = with.object("claims", object -> {
                    Map<String, List<String>> all = new LinkedHashMap<>();
                    object.keys()
                            .forEach(key -> all.put(
                                    key.value(),
                                    List.of(object.requiredText(key.value()).value())));
                    return all;
                })
                .orElse(Map.of());
        return new Circumstances(
                with.bool("tls"),
                with.choice("mechanism", Words.MECHANISMS),
                source,
                claims,
                with.text("clientId").map(Text::value).orElse(""));
    }

    private static List<Condition.Claim> claims(YamlObject object) {
        List<Condition.Claim> claims = new ArrayList<>();
        for (Text name : object.keys()) {
            Set<String> values = new HashSet<>();
            for (YamlValue value : object.requiredValues(name.value(), "values, one of which the claim must have")) {
                value.text().ifPresent(text -> values.add(text.value()));
            }
            claims.add(new Condition.Claim(name.value(), values));
        }
        return claims;
    }

    private static List<Text> texts(YamlObject when, String key) {
        return when.has(key)
                ? when.requiredValues(key, "at least one").stream()
                        .flatMap(value -> value.text().stream())
                        .toList()
                : List.of();
    }

    private static Optional<Network> network(Text text, YamlObject when) {
        Optional<Network> network = Network.parse(text.value());
        String found = '"' + text.value() + '"';
        if (network.isEmpty()) {
            when.problems().add(text.at(), "not a network", found, "CIDR notation such as 10.0.0.0/8 or 2001:db8::/32");
        }
        network.filter(Network::hasHostBits)
                .ifPresent(odd -> when.problems()
                        .add(text.at(), "bits are set behind the length of the network", found, odd.canonical()));
        return network;
    }
}
