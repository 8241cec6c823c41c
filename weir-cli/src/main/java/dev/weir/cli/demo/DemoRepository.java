package dev.weir.cli.demo;

import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.StoredConfig;

/** The demo's Git repository: a real one, made from the sample policy, with one commit on branch {@code main}. */
final class DemoRepository {
    private static final String RESOURCE = "/demo-policy";
    private static final String AUTHOR = "weir demo";
    private static final String EMAIL = "demo@weir.invalid";

    private final Path folder;

    private DemoRepository(Path folder) {
        this.folder = folder;
    }

    /** Makes the repository in a folder that is not there yet. */
    static DemoRepository create(Path folder) {
        if (Files.exists(folder)) {
            throw new CommandFailure(folder + " is there already; give the demo another --folder, or remove it.");
        }
        try {
            Files.createDirectories(folder);
            copySample(folder);
            try (Git git = Git.init()
                    .setDirectory(folder.toFile())
                    .setInitialBranch("main")
                    .call()) {
                // so that "git commit" works here for somebody who has told Git no name yet
                StoredConfig config = git.getRepository().getConfig();
                config.setString("user", null, "name", AUTHOR);
                config.setString("user", null, "email", EMAIL);
                config.save();
                git.add().addFilepattern(".").call();
                git.commit()
                        .setMessage("Start with the sample policy")
                        .setAuthor(AUTHOR, EMAIL)
                        .setCommitter(AUTHOR, EMAIL)
                        .setSign(false)
                        .call();
            }
            return new DemoRepository(folder);
        } catch (IOException | URISyntaxException | GitAPIException e) {
            throw new CommandFailure(
                    "the demo's policy repository cannot be made in " + folder + ": " + FailureWords.ofItself(e), e);
        }
    }

    Path folder() {
        return folder;
    }

    private static void copySample(Path folder) throws IOException, URISyntaxException {
        URI uri = Objects.requireNonNull(DemoRepository.class.getResource(RESOURCE), RESOURCE)
                .toURI();
        if (uri.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                copy(jar.getPath(RESOURCE), folder);
            }
        } else {
            copy(Path.of(uri), folder);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
