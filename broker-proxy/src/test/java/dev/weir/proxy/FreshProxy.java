package dev.weir.proxy;

import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A proxy with TLS and reports, in a JVM that has just started and to which no client comes. The arguments are a folder and
 * names of classes; says {@link #ALL_LOADED} once all of these are loaded, and fails when they are not before long.
 */
final class FreshProxy {
    static final String ALL_LOADED = "all are loaded";

    private FreshProxy() {}

    public static void main(String[] arguments) throws Exception {
        Path dir = Path.of(arguments[0]);
        List<String> needed = Arrays.asList(arguments).subList(1, arguments.length);
        TestCertificate server = TestCa.create(dir, "ca").issue(CertificateSpec.server());
        Method find = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
        find.setAccessible(true);
        try (FakeBroker broker = FakeBroker.start();
                ProxyFixture weir = ProxyFixture.inFrontOf(broker.bootstrap())
                        .listener(
                                "tls",
                                new ListenerTls(server.chainPem(), server.keyPem(), ClientAuth.NONE, null, List.of()),
                                null)
                        .reports(settings -> settings)
                        .start()) {
            Patience.awaitAnswer().untilAsserted(() -> {
                for (String name : needed) {
                    if (find.invoke(FreshProxy.class.getClassLoader(), name) == null) {
                        throw new AssertionError(name + " is not loaded behind " + weir.bootstrap());
                    }
                }
            });
        }
        System.out.println(ALL_LOADED);
    }
}
