package dev.weir.identity.name;

import dev.weir.identity.IdentityException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/**
 * Under which name clients reach a listener: a DNS name, one with a wildcard for its first label, or an address.
 *
 * @param value in lower case; an IPv6 address without brackets
 */
public record HostName(String value, boolean address) {
    private static final int LENGTH_MAX = 253;
    private static final Pattern DNS =
            Pattern.compile("(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * Reads a name or an address.
     *
     * @throws IdentityException saying what a name looks like
     */
    public static HostName of(String text) throws IdentityException {
        String value = text.toLowerCase(Locale.ROOT);
        if (IPAddress.isValidIPv4(value) || IPAddress.isValidIPv6(value)) {
            return new HostName(value, true);
        }
        boolean numbers = value.matches("[0-9.]+");
        if (value.length() > LENGTH_MAX || numbers || !DNS.matcher(value).matches()) {
            throw new IdentityException("\"" + text + "\" cannot name a listener: expected a host name such as"
                    + " kafka.mesh.example or *.kafka.mesh.example, or an address, without a port");
        }
        return new HostName(value, false);
    }
}
