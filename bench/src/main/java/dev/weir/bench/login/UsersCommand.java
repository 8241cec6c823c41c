package dev.weir.bench.login;

import dev.weir.bench.WorkFolder;
import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.KeyType;
import dev.weir.kafka.EmbeddedKafka;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench users}. */
@Command(
        name = "users",
        description = {
            "Whether the time of a refusal tells who exists: log-ins with wrong passwords, of users that there are and of",
            "others, one after the other over TLS, in random order."
        },
        mixinStandardHelpOptions = true)
public final class UsersCommand implements Callable<Integer> {
    private static final int SERVICES = 100;
    private static final String WRONG_PASSWORD = "a wrong one";

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "300",
            description = "Of each mechanism, after half as many that do not count (default: 300).")
    private int attempts;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the order (default: 1).")
    private long seed;

    @Override
    public Integer call() throws IOException, IdentityException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (WorkFolder folder = WorkFolder.create("weir-bench-users");
                TokenIssuer issuer = TokenIssuer.start();
                EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Credentials credentials = Credentials.create(folder.path(), SERVICES, KeyType.EC_P256, issuer);
            try (BenchProxy weir = BenchProxy.start(vertx, kafka.bootstrap(), credentials, issuer)) {
                RefusedLogIn client = new RefusedLogIn(weir.address(Way.PLAIN), credentials.authorities());
                System.out.println(RefusalTimes.HEAD);
                measure(
                        client,
                        user -> LogIn.Once.plain(user, WRONG_PASSWORD),
                        new RefusalTimes("PLAIN, wrong password"));
                for (ScramMechanism scram : ScramMechanism.values()) {
                    measure(
                            client,
                            user -> new LogIn.Scram(scram, user, WRONG_PASSWORD),
                            new RefusalTimes(scram.mechanismName() + ", first message"),
                            new RefusalTimes(scram.mechanismName() + ", wrong proof"));
                }
            }
        } finally {
            BenchProxy.await(vertx.close());
        }
        return 0;
    }

    /**
     * Has users come and be refused.
     *
     * @param logIn of a user with this name
     * @param times of each message of the log-in
     */
    private void measure(RefusedLogIn client, Function<String, LogIn> logIn, RefusalTimes... times) throws IOException {
        Random random = new Random(seed);
        for (int attempt = -attempts / 2; attempt < attempts; attempt++) {
            boolean known = random.nextBoolean();
            int number = random.nextInt(SERVICES);
            String user = known ? Credentials.name(number) : "visitor-" + number;
            long[] nanos = client.attempt(logIn.apply(user));
            for (int step = 0; attempt >= 0 && step < times.length; step++) {
                times[step].add(known, nanos[step]);
            }
        }
        for (RefusalTimes time : times) {
            System.out.println(time);
        }
    }
}
