package dev.weir.cli.demo;

import dev.weir.cli.demo.Flow.Action;
import dev.weir.cli.demo.ShopService.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The small shop that the demo runs: who does what, whether policy likes it or not. */
final class Shop {
    static final String ORDERS = "orders";
    static final String PAYMENTS = "payments";
    /** Where policy keeps payments that are not what their schema says. */
    static final String BAD_PAYMENTS = "payments.bad";

    static final List<String> TOPICS = List.of(ORDERS, PAYMENTS, BAD_PAYMENTS);
    static final List<String> USERS = List.of("checkout", "payments", "fraud", "shipping", "analytics", "invoicing");

    /** Shipping reads with two consumers, since one of them will be denied. */
    static final List<Role> ROLES = List.of(
            new Role("checkout", "checkout-1", List.of(), ORDERS, Door.CERTIFICATE),
            new Role("payments", "payments-v1-1", List.of(ORDERS), PAYMENTS, Door.CERTIFICATE),
            new Role("fraud", "fraud-1", List.of(ORDERS, PAYMENTS), null, Door.TOKEN),
            new Role("shipping", "shipping-1", List.of(PAYMENTS), null, Door.PASSWORD),
            new Role("shipping", "shipping-2", List.of(ORDERS), null, Door.PASSWORD),
            new Role("analytics", "analytics-1", List.of(ORDERS), null, Door.PASSWORD),
            // falls behind and recovers, again and again: late by up to 15 s, which its objective does not allow
            new Role("invoicing", "invoicing-1", List.of(PAYMENTS), null, Door.TOKEN, Duration.ofSeconds(15)));

    private Shop() {}

    /** All that the services do. */
    static List<Flow> flows() {
        List<Flow> flows = new ArrayList<>();
        for (Role role : ROLES) {
            role.consumes().forEach(topic -> flows.add(new Flow(role.user(), Action.CONSUME, topic)));
            if (role.produces() != null) {
                flows.add(new Flow(role.user(), Action.PRODUCE, role.produces()));
            }
        }
        return flows;
    }
}
