package dev.weir.policy.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the documents of one YAML 1.2 file into values with positions.
 *
 * <p>The input is not trusted. Size and depth are limited before anything is built from it, and anchors, aliases and
 * tags are refused: policy does not need them, and with them a small file can mean a very large one.
 */
public final class YamlFile {
    public static final int BYTES_MAX = 4 * 1024 * 1024;
    public static final int DEPTH_MAX = 32;

    private final String file;
    private final Problems problems;

    private YamlFile(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * The documents of a file in their order, without empty ones. Mistakes go to {@code problems}; the documents
     * before a syntax error are still returned, so that their own mistakes are reported too.
     *
     * @param file the path to report
     */
    public static List<YamlValue> documents(String file, byte[] content, Problems problems) {
        YamlFile reading = new YamlFile(file, problems);
        return reading.decoded(content).map(reading::documents).orElse(List.of());
    }

    /** As {@link #documents(String, byte[], Problems)}, for text that is already decoded. */
    public static List<YamlValue> documents(String file, String content, Problems problems) {
        return documents(file, content.getBytes(StandardCharsets.UTF_8), problems);
    }

    private Optional<String> decoded(byte[] content) {
        if (content.length > BYTES_MAX) {
            problems.add(Position.of(file), "file is too large", content.length + " bytes", "at most " + BYTES_MAX);
            return Optional.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(content.length + 1);
        if (decoder.decode(in, out, true).isError()) {
            String before = new String(content, 0, in.position(), StandardCharsets.UTF_8);
            String found = String.format("byte 0x%02x", content[in.position()] & 0xff);
            problems.add(at(before, before.length()), "file is not UTF-8", found, "UTF-8 text");
            return Optional.empty();
        }
        String text = out.flip().toString();
        // a byte order mark is legal, and invisible in the error that it would cause
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private List<YamlValue> documents(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setCodePointLimit(BYTES_MAX)
                .build();
        List<YamlValue> documents = new ArrayList<>();
        try {
            if (!acceptable(new Parse(settings).parseString(text), text)) {
                return List.of();
            }
            for (Node node : new Compose(settings).composeAllFromString(text)) {
                YamlValue document = new YamlValue(file, node, problems);
                if (!document.isNothing()) {
                    documents.add(document);
                }
            }
        } catch (YamlEngineException e) {
            // reported by the pass over the events
        }
        return documents;
    }

    /** Goes over the events first: they are flat, so depth and repetition are known before a tree is built. */
    private boolean acceptable(Iterable<Event> events, String text) {
        int before = problems.count();
        int depth = 0;
        try {
            for (Event event : events) {
                if (event instanceof CollectionStartEvent && ++depth > DEPTH_MAX) {
                    problems.add(at(event.getStartMark()), "nested too deeply", "", "at most " + DEPTH_MAX + " levels");
                    return false;
                }
                if (event instanceof CollectionEndEvent) {
                    depth--;
                }
                refuseSharing(event);
            }
        } catch (MarkedYamlEngineException e) {
            boolean acceptable = problems.count() == before;
            String context = e.getContext() == null ? "" : " " + e.getContext();
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            problems.add(at(mark), "not valid YAML" + context + ": " + e.getProblem());
            return acceptable;
        } catch (ReaderException e) {
            int index = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
            String found = String.format("U+%04X", e.getCodePoint());
            problems.add(at(text, index), "character that YAML does not allow", found, "printable text");
            return false;
        } catch (YamlEngineException e) {
            problems.add(Position.of(file), "not valid YAML: " + e.getMessage());
            return false;
        }
        return problems.count() == before;
    }

    private void refuseSharing(Event event) {
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            String what = event instanceof AliasEvent ? "alias *" : "anchor &";
            problems.add(
                    at(event.getStartMark()),
                    "anchors and aliases are not accepted; write the value out",
                    what + node.getAnchor().get().getValue(),
                    "");
        }
        Optional<String> tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
        tag.ifPresent(name -> problems.add(at(event.getStartMark()), "tags are not accepted", "tag " + name, ""));
    }

    private Position at(Optional<Mark> mark) {
        return mark.map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(Position.of(file));
    }

    private Position at(String text, int index) {
        int lineStart = text.lastIndexOf('\n', index - 1) + 1;
        int line = 1
                + (int) text.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new Position(file, line, 1 + text.codePointCount(lineStart, index));
    }
}
