package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.telemetry.MalformedReason;
import org.apache.kafka.common.protocol.ApiKeys;

/** What may come in at all, by api key and version: what Weir does not understand does not pass. */
final class Admission {
    private Admission() {}

    /**
     * Says whether a request's body is to be walked; it is not where only the header can be understood (KIP-511).
     *
     * @throws ProtocolException for what is not served
     */
    static boolean accept(short apiKey, short version, boolean authenticated) {
        if (!ApiKeys.hasId(apiKey) || !ApiAuthorizers.knows(ApiKeys.forId(apiKey))) {
            throw new ProtocolException(MalformedReason.UNKNOWN_API, "api key " + apiKey + " is not served here");
        }
        ApiKeys api = ApiKeys.forId(apiKey);
        if (version < api.oldestVersion() || version > api.latestVersion(true)) {
            if (api == ApiKeys.API_VERSIONS) {
                return false;
            }
            throw new ProtocolException(
                    MalformedReason.UNKNOWN_VERSION,
                    api.name + " version " + version + " is not served here; this proxy knows " + api.oldestVersion()
                            + " to " + api.latestVersion(true));
        }
        if (!authenticated && !ApiAuthorizers.ELSEWHERE.contains(api)) {
            throw new ProtocolException(MalformedReason.OUT_OF_PLACE, api.name + " came before authentication");
        }
        return true;
    }
}
