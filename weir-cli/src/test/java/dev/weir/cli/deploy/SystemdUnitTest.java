package dev.weir.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The unit file: systemd ignores what it does not know, so a misspelled key would be a protection that is not there. */
class SystemdUnitTest {
    private static final Set<String> UNIT =
            Set.of("Description", "Documentation", "Wants", "After", "StartLimitIntervalSec");
    private static final Set<String> INSTALL = Set.of("WantedBy");
    /** Keys that systemd 249 has (systemd.service, systemd.exec, systemd.kill). */
    private static final Set<String> SERVICE = Set.of(
            "Type",
            "User",
            "Group",
            "ExecStart",
            "WorkingDirectory",
            "Environment",
            "EnvironmentFile",
            "Restart",
            "RestartSec",
            "KillSignal",
            "TimeoutStopSec",
            "SuccessExitStatus",
            "LimitNOFILE",
            "StateDirectory",
            "StateDirectoryMode",
            "UMask",
            "ProtectSystem",
            "ProtectHome",
            "PrivateTmp",
            "PrivateDevices",
            "PrivateUsers",
            "ProtectProc",
            "RemoveIPC",
            "NoNewPrivileges",
            "CapabilityBoundingSet",
            "AmbientCapabilities",
            "RestrictAddressFamilies",
            "RestrictNamespaces",
            "RestrictRealtime",
            "RestrictSUIDSGID",
            "LockPersonality",
            "KeyringMode",
            "ProtectClock",
            "ProtectControlGroups",
            "ProtectHostname",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "SystemCallArchitectures",
            "SystemCallFilter",
            "SystemCallErrorNumber");

    private static final Map<String, Set<String>> KEYS = Map.of("Unit", UNIT, "Service", SERVICE, "Install", INSTALL);

    private static final Map<String, Map<String, String>> SECTIONS = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        List<String> lines = Files.readAllLines(Manifests.DEPLOY.resolve("systemd/weir.service"));
        Map<String, String> section = Map.of();
        for (String line : lines) {
            if (line.startsWith("[")) {
                section = SECTIONS.computeIfAbsent(line.substring(1, line.length() - 1), name -> new HashMap<>());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                assertThat(equals).as(line).isPositive();
                section.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }

    @Test
    void everyKeyIsOneOfSystemd() {
        assertThat(SECTIONS.keySet()).isEqualTo(KEYS.keySet());
        SECTIONS.forEach((name, section) -> assertThat(KEYS.get(name)).containsAll(section.keySet()));
    }

    @Test
    void runsAsAUserOfItsOwnAndIsGivenTimeToDrain() {
        Map<String, String> service = SECTIONS.get("Service");
        assertThat(service)
                .containsEntry("Type", "exec")
                .containsEntry("User", "weir")
                .containsEntry("KillSignal", "SIGTERM")
                .containsEntry("NoNewPrivileges", "yes")
                .containsEntry("CapabilityBoundingSet", "")
                .containsEntry("ProtectSystem", "strict")
                .containsEntry("TimeoutStopSec", "60s")
                .doesNotContainKey("MemoryDenyWriteExecute");
        assertThat(service.get("ExecStart")).startsWith("/opt/weir/weir up --config /etc/weir/");
    }
}
