package dev.weir.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileCredentialStoreTest {
    @TempDir
    private Path dir;

    private FileCredentialStore store;

    @BeforeEach
    void makeFiles() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("upstream/deeper"));
        Files.writeString(dir.resolve("upstream/weir.properties"), "username=weir\npassword=secret\n");
        Files.writeString(folder.resolve("payments.properties"), "mechanism=PLAIN\nusername=p\npassword= a:b=c \n");
        Files.writeString(folder.resolve("shop.properties"), "certificateFile=shop.pem\nkeyFile=shop-key.pem\n");
        Files.writeString(folder.resolve("shop.pem"), "CERTIFICATE");
        Files.writeString(folder.resolve("shop-key.pem"), "KEY");
        Files.writeString(folder.resolve("lost.properties"), "certificateFile=nowhere.pem\n");
        store = new FileCredentialStore(folder.resolve("{service}.properties"));
    }

    @Test
    void aServiceHasTheFileOfItsName() throws IOException {
        assertThat(store.find("payments")).contains(Map.of("mechanism", "PLAIN", "username", "p", "password", "a:b=c"));
        assertThat(store.find("nobody")).isEmpty();
    }

    @Test
    void certificatesMayBeInFilesBesideIt() throws IOException {
        assertThat(store.find("shop")).contains(Map.of("certificate", "CERTIFICATE", "key", "KEY"));
        assertThatThrownBy(() -> store.find("lost")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../weir",
                "..",
                ".",
                "",
                "deeper/../../weir",
                "/etc/passwd",
                "..\\weir",
                "payments/../payments",
                "payments\0",
                "payments\n",
                ".payments",
                "*",
                "{service}",
                "pay ments"
            })
    void noNameLeadsAnywhereElse(String name) throws IOException {
        assertThat(store.find(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secrets/all.properties", "{service}/login", "{service}-{service}"})
    void aTemplateNamesTheServiceOnceAndInItsLastPart(String template) {
        assertThatThrownBy(() -> new FileCredentialStore(Path.of(template)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
