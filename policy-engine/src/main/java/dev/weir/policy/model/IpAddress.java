package dev.weir.policy.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/** An address as two numbers, so that comparing it allocates nothing. IPv4 stands in the low 32 bits. */
public record IpAddress(boolean v6, long high, long low) {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public static IpAddress of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new IpAddress(true, bytes.getLong(), bytes.getLong())
                : new IpAddress(false, 0, Integer.toUnsignedLong(bytes.getInt()));
    }

    /** The address that a text spells; host names are not looked up. */
    public static Optional<IpAddress> parse(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(InetAddress.getByName(text)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        byte[] bytes = v6
                ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
                : ByteBuffer.allocate(4).putInt((int) low).array();
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    int bits() {
        return v6 ? 128 : 32;
    }

    /** This address with everything behind the first {@code bits} bits set to zero. */
    IpAddress masked(int bits) {
        if (!v6) {
            return new IpAddress(false, 0, low & mask(32 + bits));
        }
        return new IpAddress(true, high & mask(bits), low & mask(bits - 64));
    }

    /** The first {@code bits} of 64 bits set. */
    static long mask(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= 64 ? -1 : -1L << (64 - bits);
    }
}
