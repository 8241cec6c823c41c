package dev.weir.proxy.config;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All brokers are reached at one port, each by a host name of its own, which TLS tells in the client's first message (SNI,
 * RFC 6066 section 3).
 *
 * @param bootstrap the name that leads to any broker; lower case
 * @param brokerPrefix what stands before the node id in a broker's name; lower case
 * @param brokerSuffix what stands after it; lower case
 * @param advertisedPort the port that clients are told, which a balancer may have changed; 0 is the port that is bound
 */
public record BrokerNames(String bootstrap, String brokerPrefix, String brokerSuffix, int advertisedPort)
        implements BrokerAddressing {
    /** Where the node id stands in a template. */
    public static final String ID = "{id}";

    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    /** At least two labels: Java's TLS tells no others, and no wildcard certificate holds for one. */
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")+");

    private static final int ID_DIGITS_MAX = 10;

    public BrokerNames {
        String problem = problem(bootstrap, brokerPrefix + ID + brokerSuffix);
        if (problem != null || advertisedPort < 0 || advertisedPort > 65_535) {
            throw new IllegalArgumentException(problem == null ? "not a port: " + advertisedPort : problem);
        }
    }

    /**
     * Names by a template such as {@code broker-{id}.kafka.example}; upper and lower case are the same.
     *
     * @throws IllegalArgumentException with what {@link #problem} says
     */
    public static BrokerNames of(String bootstrap, String brokerTemplate, int advertisedPort) {
        String template = brokerTemplate.toLowerCase(Locale.ROOT);
        int at = template.indexOf(ID);
        if (at < 0) {
            throw new IllegalArgumentException(problem(bootstrap, template));
        }
        return new BrokerNames(
                bootstrap.toLowerCase(Locale.ROOT),
                template.substring(0, at),
                template.substring(at + ID.length()),
                advertisedPort);
    }

    /** What is wrong with two names, or {@code null}. */
    public static @Nullable String problem(String bootstrap, String brokerTemplate) {
        String any = bootstrap.toLowerCase(Locale.ROOT);
        String template = brokerTemplate.toLowerCase(Locale.ROOT);
        int at = template.indexOf(ID);
        if (at < 0 || template.indexOf(ID, at + 1) >= 0) {
            return "the brokers' name needs {id} once, where the node id goes";
        }
        if (!NAME.matcher(any).matches()) {
            return "the bootstrap name is no host name of at least two parts";
        }
        if (!NAME.matcher(template.replace(ID, "0123456789")).matches()) {
            return "the brokers' name is no host name of at least two parts";
        }
        if (nodeId(any, template.substring(0, at), template.substring(at + ID.length()))
                .isPresent()) {
            return "the bootstrap name is also the name of a broker";
        }
        return null;
    }

    public String hostOf(int nodeId) {
        return brokerPrefix + nodeId + brokerSuffix;
    }

    /** Whose name it is, as {@link #hostOf} would write it; empty for any other name. */
    public OptionalInt nodeId(String serverName) {
        return nodeId(serverName.toLowerCase(Locale.ROOT), brokerPrefix, brokerSuffix);
    }

    public boolean isBootstrap(String serverName) {
        return bootstrap.equalsIgnoreCase(serverName);
    }

    private static OptionalInt nodeId(String name, String prefix, String suffix) {
        int digits = name.length() - prefix.length() - suffix.length();
        if (digits < 1 || digits > ID_DIGITS_MAX || !name.startsWith(prefix) || !name.endsWith(suffix)) {
            return OptionalInt.empty();
        }
        long id = 0;
        for (int i = prefix.length(); i < prefix.length() + digits; i++) {
            char digit = name.charAt(i);
            boolean leadingZero = digit == '0' && i == prefix.length() && digits > 1;
            if (digit < '0' || digit > '9' || leadingZero) {
                return OptionalInt.empty();
            }
            id = 10 * id + digit - '0';
        }
        return id > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) id);
    }
}
