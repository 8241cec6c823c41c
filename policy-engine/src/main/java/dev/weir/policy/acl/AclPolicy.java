package dev.weir.policy.acl;

import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Identity;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Words;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes Kafka's ACLs as policy that means the same: one {@code Service} for each user, one {@code AdminAccess} rule
 * for each ACL.
 *
 * <p>Where policy is stricter than Kafka it stays so: an allow for everyone is one for every declared Service, and no
 * pattern opens one of Kafka's internal topics or a name that is reserved.
 */
public final class AclPolicy {
    private static final String EVERYONE = "*";
    private static final String ANONYMOUS = "ANONYMOUS";

    private final Map<String, String> services = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    private AclPolicy() {}

    /**
     * The policy as YAML.
     *
     * @param document the name of the {@code AdminAccess}; rules are {@code acl-1} and so on, in the order given
     * @param users users that are declared even if no ACL names them
     */
    public static String yaml(String document, Collection<KafkaAcl> acls, Collection<String> users) {
        AclPolicy policy = new AclPolicy();
        users.forEach(policy::service);
        acls.forEach(acl -> policy.service(acl.user()));
        policy.services.forEach(policy::writeService);
        if (!acls.isEmpty()) {
            policy.header("AdminAccess", document).append("spec:\n  rules:\n");
            int number = 1;
            for (KafkaAcl acl : acls) {
                policy.writeRule("acl-" + number++, acl);
            }
        }
        return policy.text.toString();
    }

    private void service(String user) {
        if (user.equals(EVERYONE) || services.containsKey(user)) {
            return;
        }
        String base = user.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-+|-+$", "");
        base = base.isEmpty() || user.equals("anonymous") ? "user" : base;
        base = base.substring(0, Math.min(base.length(), 100));
        String name = base;
        for (int number = 2; services.containsValue(name); number++) {
            name = base + "-" + number;
        }
        services.put(user, name);
    }

    private void writeService(String user, String name) {
        String identity = "{sasl: " + quoted(user) + "}";
        if (user.equals(ANONYMOUS)) {
            identity = "{anonymous: true}";
        } else if (user.contains("=") && Identity.canonical(user).isPresent()) {
            identity = "{dn: " + quoted(user) + "}";
        }
        header("Service", name).append("spec: {identities: [").append(identity).append("]}\n---\n");
    }

    private void writeRule(String id, KafkaAcl acl) {
        String service = acl.user().equals(EVERYONE) ? EVERYONE : services.get(acl.user());
        text.append("    - {id: ")
                .append(id)
                .append(acl.allow() ? ", allow: [" : ", deny: [")
                .append(acl.operation().map(Words::of).orElse("all"))
                .append("], services: [")
                .append(quoted(String.valueOf(service)))
                .append("], ")
                .append(resource(acl));
        if (!acl.host().equals("*")) {
            text.append(", when: {source: [").append(quoted(acl.host())).append("]}");
        }
        text.append("}\n");
    }

    private static String resource(KafkaAcl acl) {
        if (acl.type() == ResourceType.CLUSTER) {
            return "cluster: true";
        }
        boolean prefix = acl.prefixed() || acl.name().equals("*");
        NamePattern pattern = new NamePattern(acl.prefixed() || !prefix ? acl.name() : "", prefix);
        return Words.of(acl.type()) + "s: [" + quoted(pattern.toString()) + "]";
    }

    private StringBuilder header(String kind, String name) {
        return text.append("apiVersion: weir.dev/v1\nkind: ")
                .append(kind)
                .append("\nmetadata: {name: ")
                .append(quoted(name))
                .append("}\n");
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
