package dev.weir.cli.demo;

import java.util.List;

/** What the demo says about itself: where everything is, and what to try. */
final class Introduction {

    private Introduction() {}

    static List<String> of(Demo demo) {
        String bootstrap = demo.bootstrap();
        String repository = demo.repository().toString();
        DemoIdentities identities = demo.identities();
        return List.of(
                "",
                "  clients connect to  " + bootstrap + "  (SASL/PLAIN; user: the service's name, password: "
                        + DemoUsers.PASSWORD + ")",
                "    by certificate    " + demo.bootstrap(Door.CERTIFICATE)
                        + "  (mTLS; checkout and payments come so, with what is in "
                        + identities.handout("payments") + ")",
                "    by token          " + demo.bootstrap(Door.TOKEN)
                        + "  (SASL/OAUTHBEARER; fraud and invoicing come so, with tokens of "
                        + identities.tokenEndpoint() + ")",
                "  policy              " + repository + "  (a Git repository; branch main)",
                "  dashboard           " + demo.dashboardUrl().orElse("starts now; its address comes below"),
                "  admin               " + demo.adminUrl() + "/status  /metrics  /readyz",
                "",
                "Try this in another terminal. Each takes effect on open connections, within a second:",
                "",
                "  1. Let shipping read orders. A policy is taken only if its own tests pass, so they change with it:",
                "       cd " + repository,
                "       sed -i -e '/id: not-shipping/s/deny:/allow:/' \\",
                "              -e '/as: shipping, do: consume, topic: orders/s/expect: deny/expect: allow/' orders.yaml",
                "       git commit -am 'Let shipping read orders'",
                "  2. Take it back:",
                "       git revert --no-edit HEAD",
                "  3. Commit a mistake. What was in force stays, and the mistake is shown here:",
                "       sed -i 's/services: \\[checkout\\]/services: [chekout]/' orders.yaml",
                "       git commit -am 'A mistake' && sleep 2 && git revert --no-edit HEAD",
                "  4. Any other client, such as kcat; with sasl.username=shipping it is denied:",
                "       kcat -b " + bootstrap + " -X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=PLAIN \\",
                "            -X sasl.username=payments -X sasl.password=" + DemoUsers.PASSWORD
                        + " -C -t orders -o -3 -c 3",
                "  5. The same with a certificate, over TLS; and who that is, by which line of the policy, and what it may:",
                "       kcat -F " + identities.handout("payments").resolve("kcat.conf") + " -C -t orders -o -3 -c 3",
                "       weir identity explain --san spiffe://shop.demo/payments",
                "  6. checkout and payments forget a field now and then. Bad orders are rejected, bad payments kept with the",
                "     reason in their headers. Which topics have schemas, how much of what is written is right, and what was kept:",
                "       weir schema coverage",
                "       kcat -b " + bootstrap + " -X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=PLAIN \\",
                "            -X sasl.username=payments -X sasl.password=" + DemoUsers.PASSWORD
                        + " -C -t payments.bad -e -f '%k: %h\\n'",
                "  7. A new version of payments takes over by and by, and no order is lost or charged by both; one of fraud is too slow,",
                "     and is given up by its gate. How far they are, and what to do about it yourself:",
                "       weir canary list",
                "       weir canary status payments-v2",
                "       weir canary set payments-v2 25%",
                "  8. weir topology, weir lag --watch, weir connections, weir policy suggest --service payments, weir status",
                "",
                "What happens (only first times and changes are shown; Ctrl-C ends it):",
                "");
    }

    static String counts(DemoSummary summary) {
        return summary.produced() + " records produced, " + summary.consumed() + " consumed; " + summary.denied()
                + " requests denied, " + summary.dryRunDenied() + " denied in dry-run (they passed); "
                + "bad records: " + summary.rejected() + " rejected, " + summary.quarantined() + " kept";
    }
}
