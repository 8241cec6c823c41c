package dev.weir.policy.model;

import java.util.Optional;

/** A network in CIDR notation (RFC 4632). */
public record Network(IpAddress base, int bits, String text) {

    /** The network that a text spells; one address without a length is a network of its own. Empty if it spells none. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (slash >= 0 && !length.matches("\\d{1,3}")) {
            return Optional.empty();
        }
        return IpAddress.parse(slash < 0 ? text : text.substring(0, slash))
                .map(base -> new Network(base, slash < 0 ? base.bits() : Integer.parseInt(length), text))
                .filter(network -> network.bits <= network.base.bits());
    }

    /** Whether bits are set behind the network's length, which is a typing mistake more often than not. */
    public boolean hasHostBits() {
        return !base.equals(base.masked(bits));
    }

    /** The network as it is meant to be written. */
    public String canonical() {
        return base.masked(bits) + "/" + bits;
    }

    public boolean contains(IpAddress address) {
        if (address.v6() != base.v6()) {
            return false;
        }
        if (!base.v6()) {
            return ((address.low() ^ base.low()) & IpAddress.mask(32 + bits)) == 0;
        }
        return ((address.high() ^ base.high()) & IpAddress.mask(bits)) == 0
                && ((address.low() ^ base.low()) & IpAddress.mask(bits - 64)) == 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
