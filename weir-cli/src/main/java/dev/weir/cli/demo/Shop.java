package dev.weir.cli.demo;

import dev.weir.cli.demo.Flow.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The small shop that the demo runs: who does what, whether policy likes it or not. */
final class Shop {
    static final String ORDERS = "orders";
    static final String PAYMENTS = "payments";
    /** Where policy keeps payments that are not what their schema says. */
    static final String BAD_PAYMENTS = "payments.bad";

    /** The canary of {@code canaries.yaml} that takes over payments, and the one that is given up. */
    static final String GOOD_CANARY = "payments-v2";

    /** Who keeps the group of payments. */
    static final String STABLE_CLIENT = "payments-v1-1";

    static final String BAD_CANARY = "fraud-v2";

    static final List<String> TOPICS = List.of(ORDERS, PAYMENTS, BAD_PAYMENTS);
    static final List<String> USERS = List.of("checkout", "payments", "fraud", "shipping", "analytics", "invoicing");

    /** Shipping reads with two consumers, since one of them will be denied. */
    static final List<Role> ROLES = List.of(
            Role.of("checkout", "checkout-1", Door.CERTIFICATE).writes(ORDERS),
            Role.of("payments", "payments-v1-1", Door.CERTIFICATE)
                    .in("payments")
                    .reads(ORDERS)
                    .writes(PAYMENTS),
            Role.of("payments", "payments-v2-1", Door.CERTIFICATE)
                    .in("payments")
                    .reads(ORDERS)
                    .writes(PAYMENTS),
            Role.of("fraud", "fraud-v1-1", Door.TOKEN).in("fraud").reads(ORDERS, PAYMENTS),
            // a bad version: it takes so long over each payment that its canary is given up
            Role.of("fraud", "fraud-v2-1", Door.TOKEN)
                    .in("fraud")
                    .reads(PAYMENTS)
                    .takes(Duration.ofSeconds(3)),
            Role.of("shipping", "shipping-1", Door.PASSWORD).reads(PAYMENTS),
            Role.of("shipping", "shipping-2", Door.PASSWORD).reads(ORDERS),
            Role.of("analytics", "analytics-1", Door.PASSWORD).reads(ORDERS),
            // falls behind and recovers, again and again: late by up to 15 s, which its objective does not allow
            Role.of("invoicing", "invoicing-1", Door.TOKEN).reads(PAYMENTS).pauses(Duration.ofSeconds(15)));

    private Shop() {}

    /** All that the services do. */
    static List<Flow> flows() {
        List<Flow> flows = new ArrayList<>();
        for (Role role : ROLES) {
            role.reads().forEach(topic -> flows.add(new Flow(role.user(), Action.CONSUME, topic)));
            if (role.writes() != null) {
                flows.add(new Flow(role.user(), Action.PRODUCE, role.writes()));
            }
        }
        return flows.stream().distinct().toList();
    }
}
