package dev.weir.cli.demo;

/**
 * What {@code weir demo --json} prints, with these names.
 *
 * @param bootstrap what clients get as {@code bootstrap.servers} that log in by password
 * @param bootstrapMtls the same for clients that show a certificate
 * @param bootstrapTokens the same for clients that show a token
 * @param admin URL of the admin endpoint
 * @param dashboard URL of the dashboard; empty if it could not be started
 * @param produced records that the sample services wrote and got acknowledged
 * @param consumed records that the sample services read
 * @param denied operations that policy denied
 * @param dryRunDenied operations that policy would have denied, and let pass in dry-run
 * @param rejected records that were refused because they are not what their schema says
 * @param quarantined records that are not, and are kept in a topic for bad records
 * @param policyRevision the policy in force at the end
 * @param canary what became of each order while the new version of payments took over
 */
public record DemoSummary(
        String bootstrap,
        String bootstrapMtls,
        String bootstrapTokens,
        String admin,
        String dashboard,
        long produced,
        long consumed,
        long denied,
        long dryRunDenied,
        long rejected,
        long quarantined,
        String policyRevision,
        ChargeLedger.Count canary) {}
