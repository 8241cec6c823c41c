package dev.weir.policy.parse;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.model.Identity;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Service;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the {@code spec} of a {@code Service}. */
final class ServiceReader {
    /** The mechanisms that SASL has. */
    static final Map<String, Mechanism> SASL_MECHANISMS =
            List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER).stream()
                    .collect(Collectors.toUnmodifiableMap(Mechanism::wireName, mechanism -> mechanism));

    private static final List<String> KINDS = List.of("san", "sasl", "dn", "claims", "anonymous");

    private ServiceReader() {}

    static Service read(Metadata metadata, YamlObject spec) {
        List<Service.Declared> identities = new ArrayList<>();
        for (YamlValue value : spec.requiredValues("identities", "at least one identity")) {
            value.object(ServiceReader::identity)
                    .ifPresent(identity ->
                            identity.ifPresent(one -> identities.add(new Service.Declared(one, value.at()))));
        }
        List<Service.Version> versions =
                spec.object("versions", ServiceReader::versions).orElse(List.of());
        return new Service(
                metadata.name().value(),
                metadata.owner(),
                identities,
                versions,
                metadata.name().at());
    }

    private static Optional<Identity> identity(YamlObject object) {
        List<String> written = KINDS.stream().filter(object::has).toList();
        Optional<Mechanism> mechanism = object.choice("mechanism", SASL_MECHANISMS);
        if (written.size() != 1) {
            String found = written.isEmpty() ? "none of them" : String.join(" and ", written);
            object.problems().add(object.at(), "an identity is one thing", found, "one of " + String.join(", ", KINDS));
            return Optional.empty();
        }
        if (object.has("mechanism") && !written.contains("sasl")) {
            object.problems().add(object.at("mechanism"), "mechanism goes with sasl only", written.get(0), "sasl");
        }
        return switch (written.get(0)) {
            case "san" -> object.text("san").map(Text::value).map(Identity.San::new);
            case "sasl" -> object.text("sasl").map(name -> new Identity.Sasl(name.value(), mechanism));
            case "dn" -> object.text("dn").flatMap(name -> distinguishedName(object, name));
            case "claims" -> object.object("claims", ServiceReader::claims);
            default -> anonymous(object);
        };
    }

    private static Optional<Identity> distinguishedName(YamlObject object, Text name) {
        Optional<String> canonical = Identity.canonical(name.value());
        if (canonical.isEmpty()) {
            String expected = "a name such as CN=payments,O=Shop (RFC 2253)";
            object.problems().add(name.at(), "not a distinguished name", '"' + name.value() + '"', expected);
        }
        return canonical.map(Identity.DistinguishedName::new);
    }

    private static Identity claims(YamlObject object) {
        Map<String, String> claims = new LinkedHashMap<>();
        object.keys()
                .forEach(key ->
                        claims.put(key.value(), object.requiredText(key.value()).value()));
        if (claims.isEmpty()) {
            object.problems().add(object.at(), "no claim is named, so every token would match", "{}", "a claim");
        }
        return new Identity.Claims(claims);
    }

    private static Optional<Identity> anonymous(YamlObject object) {
        Optional<Boolean> written = object.bool("anonymous");
        if (written.isPresent() && !written.get()) {
            String expected = "true, or no identity at all";
            object.problems().add(object.at("anonymous"), "an identity cannot be switched off", "false", expected);
        }
        return written.map(yes -> new Identity.Anonymous());
    }

    private static List<Service.Version> versions(YamlObject object) {
        List<Service.Version> versions = new ArrayList<>();
        for (Text name : object.keys()) {
            if (!Metadata.isName(name.value())) {
                object.problems().add(name.at(), "not a name", '"' + name.value() + '"', "letters, digits and . _ -");
            }
            object.object(name.value(), version -> version.requiredText("clientId"))
                    .filter(clientId -> !clientId.isEmpty())
                    .flatMap(clientId -> Patterns.read(clientId, object.problems()))
                    .ifPresent(
                            pattern -> addVersion(versions, new Service.Version(name.value(), pattern), name, object));
        }
        return versions;
    }

    private static void addVersion(
            List<Service.Version> versions, Service.Version version, Text name, YamlObject object) {
        NamePattern clientId = version.clientId();
        versions.stream()
                .filter(other -> other.clientId().equals(clientId))
                .findFirst()
                .ifPresent(other -> object.problems()
                        .add(
                                name.at(),
                                "two versions with one client id",
                                clientId.toString(),
                                "not that of " + other.name()));
        versions.add(version);
    }
}
