package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.JsonAnswer;
import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Violation;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaSet;
import dev.weir.schema.framing.Framed;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.HeaderLookup;
import dev.weir.schema.framing.SchemaRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir schema explain}. */
@Command(
        name = "explain",
        description = {
            "Read the bytes of one key or value by a schema, as Weir does on their way to a topic.",
            "Says what stands in front of the payload, and where it is not what the schema says.",
            "Exit code 0 when it reads to its end, 1 when not, 2 when the schema is none."
        },
        mixinStandardHelpOptions = true)
final class SchemaExplainCommand implements Callable<Integer> {
    private static final int BYTES_MAX = 64 << 20;
    private static final String FRAMING = "framing";
    private static final Map<String, Framing> FRAMINGS = Map.of(
            "none", Framing.NONE,
            "confluent", Framing.CONFLUENT_PREFIX,
            "apicurio", Framing.APICURIO);

    /** How the file has the bytes. */
    enum Input {
        BYTES,
        HEX,
        BASE64
    }

    @Parameters(paramLabel = "RECORDFILE", description = "The bytes of one key or value, as they are in the topic.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path record;

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            required = true,
            description =
                    "The schema: *.avsc, *.json or *.proto. It may use other files of its folder, or of --schemas.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path schema;

    @Option(
            names = "--schemas",
            paramLabel = "DIR",
            description = "The folder that the schema lies in, somewhere below. Default: the folder that it is in.")
    private @Nullable Path folder;

    @Option(
            names = "--framing",
            paramLabel = "FRAMING",
            description = {
                "What stands in front: none, confluent (0x00 and an id of 4 bytes), apicurio (0x00 and an id of 8 bytes).",
                "Without it, that one is taken by which the bytes can be read."
            })
    private @Nullable String framing;

    @Option(
            names = "--message",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Of a Protobuf schema: the message that it is.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String message;

    @Option(
            names = "--input",
            paramLabel = "KIND",
            defaultValue = "bytes",
            description = "How the file has the bytes: bytes, hex, base64. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String input;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /**
     * What {@code --json} prints, with these names.
     *
     * @param valid whether it reads to its end by the schema
     * @param guessed whether nobody said the framing
     * @param schemaId the id in front, in digits; absent where there is none
     * @param payloadOffset where the payload begins
     * @param violation what is wrong; absent where nothing is
     */
    record Answer(
            boolean valid,
            int bytes,
            String framing,
            boolean guessed,
            @Nullable String schemaId,
            int payloadOffset,
            String schema,
            @Nullable Told violation) {}

    /**
     * What is wrong.
     *
     * @param offset of the byte in the file
     */
    record Told(String reason, String path, int offset, String found, String expected) {}

    @Override
    public Integer call() {
        byte[] bytes = bytes();
        Path root = root();
        String file =
                root.relativize(schema.toAbsolutePath().normalize()).toString().replace('\\', '/');
        SchemaSet schemas = SchemaFiles.of(root).parsed();
        Answer answer = framing == null ? guessed(bytes, schemas, file) : read(bytes, known(framing), schemas, file);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonAnswer.of(answer));
        } else {
            print(out, answer);
        }
        return answer.valid() ? ExitCode.OK : ExitCode.NO;
    }

    private Path root() {
        Path in = folder == null ? schema.toAbsolutePath().getParent() : folder;
        return (in == null ? Path.of("/") : in).toAbsolutePath().normalize();
    }

    /** By what bytes that begin so may have in front: a payload that begins with 0 itself is rare. */
    private Answer guessed(byte[] bytes, SchemaSet schemas, String file) {
        if (bytes.length <= Integer.BYTES || bytes[0] != 0) {
            return read(bytes, "none", schemas, file);
        }
        Answer likeliest = read(bytes, "confluent", schemas, file);
        Answer other = likeliest.valid() ? likeliest : read(bytes, "apicurio", schemas, file);
        return other.valid() ? other : likeliest;
    }

    private String known(String name) {
        if (!FRAMINGS.containsKey(name)) {
            throw new ParameterException(
                    spec.commandLine(), "--framing: expected none, confluent or apicurio but was '" + name + "'");
        }
        return name;
    }

    private Answer read(byte[] bytes, String name, SchemaSet schemas, String file) {
        Framing read = FRAMINGS.getOrDefault(name, Framing.NONE);
        Framed framed = read.read(false, bytes, 0, bytes.length, HeaderLookup.NONE);
        if (framed instanceof Framed.Payload payload) {
            int from = payload.payloadOffset();
            Violation violation = validator(schemas, file, read).check(bytes, from, bytes.length - from);
            Told told = violation == null
                    ? null
                    : new Told(
                            violation.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            violation.path(),
                            from + violation.offsetBytes(),
                            violation.found(),
                            violation.expected());
            return new Answer(
                    violation == null, bytes.length, name, framing == null, id(payload.schema()), from, file, told);
        }
        Told told = new Told(FRAMING, "", 0, "something else", "framing " + name);
        if (framed instanceof Framed.Unframed unframed) {
            told = new Told(FRAMING, "", 0, unframed.found(), unframed.expected());
        } else if (framed instanceof Framed.Unreadable unreadable) {
            told = new Told(FRAMING, "", 0, unreadable.found(), unreadable.expected());
        }
        return new Answer(false, bytes.length, name, framing == null, null, 0, file, told);
    }

    private PayloadValidator validator(SchemaSet schemas, String file, Framing read) {
        try {
            return schemas.validator(file, new Reading(read, message, true, Limits.DEFAULT))
                    .orElseThrow(() -> new CommandFailure(schema
                            + " is no schema: expected a file *.avsc, *.json or *.proto, below the folder of schemas"));
        } catch (SchemaFileException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable String id(SchemaRef ref) {
        if (ref instanceof SchemaRef.Id id) {
            return Integer.toString(id.id());
        }
        return ref instanceof SchemaRef.GlobalId id ? Long.toString(id.id()) : null;
    }

    private byte[] bytes() {
        try (InputStream in = Files.newInputStream(record)) {
            byte[] read = in.readNBytes(BYTES_MAX + 1);
            if (read.length > BYTES_MAX) {
                throw new CommandFailure(
                        record + " has more than " + BYTES_MAX + " bytes; one key or value is expected");
            }
            String text = new String(read, StandardCharsets.US_ASCII).replaceAll("\\s", "");
            return switch (kind()) {
                case BYTES -> read;
                case HEX -> HexFormat.of().parseHex(text);
                case BASE64 -> Base64.getDecoder().decode(text);
            };
        } catch (IOException e) {
            throw new CommandFailure(record + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(record + " is not " + input + ": " + e.getMessage(), e);
        }
    }

    private Input kind() {
        for (Input kind : Input.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(input)) {
                return kind;
            }
        }
        throw new ParameterException(
                spec.commandLine(), "--input: expected bytes, hex or base64 but was '" + input + "'");
    }

    private void print(PrintWriter out, Answer answer) {
        String id = answer.schemaId() == null ? "no schema id" : "schema id " + answer.schemaId();
        out.printf(
                "%s: %d bytes; framing %s%s, %s, payload from byte %d%n",
                record,
                answer.bytes(),
                answer.framing(),
                answer.guessed() ? " (nobody said it)" : "",
                id,
                answer.payloadOffset());
        Told wrong = answer.violation();
        if (wrong == null) {
            out.printf("By %s it reads to its end.%n", answer.schema());
        } else {
            out.printf(
                    "By %s it does not read: at %s, byte %d of the file: found %s, expected %s (%s)%n",
                    answer.schema(),
                    wrong.path().isEmpty() ? "the record" : wrong.path(),
                    wrong.offset(),
                    wrong.found(),
                    wrong.expected(),
                    wrong.reason());
        }
    }
}
