package dev.weir.proxy.traffic;

import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.PolicySnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the faults of a proxy do, counted and said: that one is in force, or has ended, as a warning, so that whoever looks for the reason
 * of an incident finds it; what it does to requests, at most once in ten seconds. Any thread.
 */
public final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final int ACCOUNTS_MAX = 1_000;
    private static final String OTHERS = "others";

    private final Map<String, FaultAccount> accounts = new ConcurrentHashMap<>();
    private Map<String, String> said = Map.of();

    /** A policy is in force from now on. */
    synchronized void inForce(PolicySnapshot policy) {
        Map<String, String> now = new LinkedHashMap<>();
        for (FaultPolicy fault : policy.faults()) {
            account(fault.name()); // it is shown with its counts from the beginning
            String what = describe(fault);
            now.put(fault.name(), what);
            if (!what.equals(said.get(fault.name()))) {
                LOG.atWarn()
                        .addKeyValue("fault", fault.name())
                        .addKeyValue("what", what)
                        .addKeyValue("rule", fault.rule())
                        .addKeyValue("revision", fault.rule().revision())
                        .log(fault.dryRun() ? "fault in dry-run" : "fault in force: requests are hit on purpose");
            }
        }
        said.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> LOG.atWarn().addKeyValue("fault", name).log("fault ended"));
        said = now;
    }

    /** What a fault is, in a line. */
    public static String describe(FaultPolicy fault) {
        StringBuilder text = new StringBuilder()
                .append(fault.effect())
                .append(" for ")
                .append(percent(fault.shareBasisPoints()))
                .append(" of the requests of ")
                .append(fault.service());
        if (!fault.clientId().isEmpty()) {
            text.append(" as ").append(fault.clientId());
        }
        if (fault.expires() != null) {
            text.append(" until ").append(fault.expires());
        }
        return text.toString();
    }

    /** Hundredths of a percent as people write them. */
    static String percent(int basisPoints) {
        return basisPoints % 100 == 0 ? basisPoints / 100 + "%" : basisPoints / 100.0 + "%";
    }

    /**
     * A request was drawn.
     *
     * @param api as Kafka names it
     */
    public void drawn(FaultPolicy fault, FaultOutcome outcome, String listener, String clientId, String api) {
        FaultAccount account = account(fault.name());
        account.add(outcome);
        if (account.mayLog(System.nanoTime())) {
            LOG.atInfo()
                    .addKeyValue("fault", fault.name())
                    .addKeyValue("effect", fault.effect())
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("listener", listener)
                    .addKeyValue("service", fault.service())
                    .addKeyValue("clientId", clientId)
                    .addKeyValue("api", api)
                    .addKeyValue("requests", account.count(outcome))
                    .log("request drawn for a fault");
        }
    }

    private FaultAccount account(String name) {
        FaultAccount known = accounts.get(name);
        if (known != null) {
            return known;
        }
        return accounts.computeIfAbsent(accounts.size() < ACCOUNTS_MAX ? name : OTHERS, absent -> new FaultAccount());
    }

    /** Those that policy has, in its order; then those that it had. */
    public List<FaultStatus> status(PolicySnapshot policy) {
        List<FaultStatus> all = new ArrayList<>();
        Map<String, FaultAccount> gone = new LinkedHashMap<>(accounts);
        for (FaultPolicy fault : policy.faults()) {
            FaultAccount account = gone.remove(fault.name());
            all.add(
                    account == null
                            ? new FaultStatus(fault.name(), fault, 0, 0, 0)
                            : status(fault.name(), fault, account));
        }
        gone.forEach((name, account) -> all.add(status(name, null, account)));
        return all;
    }

    private static FaultStatus status(String name, @Nullable FaultPolicy policy, FaultAccount account) {
        return new FaultStatus(
                name,
                policy,
                account.count(FaultOutcome.INJECTED),
                account.count(FaultOutcome.DRY_RUN),
                account.count(FaultOutcome.SPARED));
    }
}
