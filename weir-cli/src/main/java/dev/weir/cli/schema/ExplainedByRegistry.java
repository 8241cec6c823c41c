package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.RegistryReader;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What the record says, asked of a registry. */
final class ExplainedByRegistry implements ExplainedSchemas {
    private final RegistryReader registry;
    private final URI url;

    ExplainedByRegistry(RegistryReader registry, URI url) {
        this.registry = registry;
        this.url = url;
    }

    @Override
    public Optional<Named> find(SchemaRef said, Reading reading) {
        try {
            return registry.read(said, reading)
                    .join()
                    .map(found -> new Named(
                            said.text() + " of " + url,
                            found.type(),
                            List.copyOf(found.subjects()),
                            found.validator()));
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailure(url + ", " + said.text() + ": " + cause.getMessage(), cause);
        }
    }
}
