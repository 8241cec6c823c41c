package dev.weir.cli.config;

import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.Ed25519Keys;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import org.jspecify.annotations.Nullable;

/** A folder with every file that a configuration may name, good ones and bad ones. */
final class ConfigFixture {
    private final Path folder;

    ConfigFixture(Path folder) throws IOException {
        this.folder = folder;
        Path certs = Files.createDirectories(folder.resolve("certs"));
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        Files.createDirectories(folder.resolve("demo-policy"));
        TestCa ca = TestCa.create(certs, "ca");
        for (String name : new String[] {"kafka-ca", "clients-ca", "vault-ca", "idp-ca"}) {
            Files.copy(ca.pem(), certs.resolve(name + ".pem"));
        }
        ca.revoke(certs.resolve("clients-crl.pem"));
        for (String name : new String[] {"weir", "listener"}) {
            TestCertificate certificate = ca.issue(CertificateSpec.server().withFileName("issued-" + name));
            Files.copy(certificate.chainPem(), certs.resolve(name + ".pem"));
            Files.copy(certificate.keyPem(), certs.resolve(name + "-key.pem"));
        }
        Files.writeString(
                certs.resolve("rsa.pem"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        Files.writeString(
                certs.resolve("locked.pem"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Files.writeString(certs.resolve("empty.pem"), "");
        Files.writeString(secrets.resolve("weir.password"), "weir-secret\n");
        Files.writeString(secrets.resolve("empty.password"), "\n");
        KeyPair keys = Ed25519Keys.make();
        Files.writeString(secrets.resolve("signing.pem"), Ed25519Keys.pem(keys.getPrivate()));
        Files.writeString(certs.resolve("weir.pub"), Ed25519Keys.pem(keys.getPublic()));
        Files.writeString(secrets.resolve("git.token"), "token\n");
        Files.writeString(secrets.resolve("vault.secret-id"), "the-id\n");
        Files.writeString(secrets.resolve("otlp-headers"), "# for the receiver\napi-key: otlp-secret\n");
        Files.writeString(secrets.resolve("bad-headers"), "api-key: ok\nno header\n");
        Files.writeString(
                secrets.resolve("users.txt"),
                "checkout:"
                        + PasswordHash.create("checkout", PasswordHash.ITERATIONS_MIN)
                                .encoded() + "\n");
        Files.writeString(secrets.resolve("bad-users.txt"), "checkout:secret\n");
    }

    Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("weir.yaml"), yaml);
    }

    WeirConfig read(String yaml) throws IOException {
        return ConfigFile.read(write(yaml));
    }

    @Nullable
    TopologyConfig topology(String yaml) throws IOException {
        return read(yaml).topology();
    }
}
