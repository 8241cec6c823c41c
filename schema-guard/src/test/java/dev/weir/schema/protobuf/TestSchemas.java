package dev.weir.schema.protobuf;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The schemas of {@code src/test/protobuf}: as text, and as Protobuf's own compiler understands them. */
final class TestSchemas {
    static final String ORDER = "shop/order.proto";
    static final String LEGACY = "legacy.proto";

    private static final Path TEXTS = Path.of("src/test/protobuf");
    private static final Path COMPILED = Path.of("target/generated-test-resources/schemas.binpb");

    private TestSchemas() {}

    static Map<String, String> texts() {
        try (Stream<Path> files = Files.walk(TEXTS)) {
            Map<String, String> texts = new TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(TEXTS.relativize(file).toString(), Files.readString(file));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files as protoc has them, linked, by name. */
    static Map<String, FileDescriptor> compiled() {
        try {
            Map<String, FileDescriptor> linked = new HashMap<>();
            for (FileDescriptorProto file : protoc()) { // each after what it imports
                FileDescriptor[] imports =
                        file.getDependencyList().stream().map(linked::get).toArray(FileDescriptor[]::new);
                linked.put(file.getName(), FileDescriptor.buildFrom(file, imports));
            }
            return linked;
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files as protoc has them, each in base64, by name. */
    static Map<String, String> descriptors() {
        return protoc().stream().collect(Collectors.toMap(FileDescriptorProto::getName, TestSchemas::base64));
    }

    static String base64(FileDescriptorProto file) {
        return Base64.getEncoder().encodeToString(file.toByteArray());
    }

    private static List<FileDescriptorProto> protoc() {
        try {
            return FileDescriptorSet.parseFrom(Files.readAllBytes(COMPILED)).getFileList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Descriptor compiled(String file, String message) {
        return compiled().get(file).findMessageTypeByName(message);
    }
}
