package dev.weir.schema.protobuf;

import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.TypeElement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where in a file its messages, fields and enums stand: lines by full name. */
final class ProtoPlaces {
    private final Map<String, Integer> lines = new HashMap<>();

    private ProtoPlaces() {}

    static Map<String, Integer> of(ProtoFileElement file) {
        ProtoPlaces places = new ProtoPlaces();
        String scope = file.getPackageName() == null ? "" : file.getPackageName() + ".";
        places.types(scope, file.getTypes());
        return places.lines;
    }

    private void types(String scope, List<TypeElement> types) {
        for (TypeElement type : types) {
            lines.put(scope + type.getName(), type.getLocation().getLine());
            String inner = scope + type.getName() + ".";
            types(inner, type.getNestedTypes());
            if (type instanceof MessageElement message) {
                message.getFields()
                        .forEach(field -> lines.put(
                                inner + field.getName(), field.getLocation().getLine()));
                message.getOneOfs().stream()
                        .flatMap(oneof -> oneof.getFields().stream())
                        .forEach(field -> lines.put(
                                inner + field.getName(), field.getLocation().getLine()));
            } else if (type instanceof EnumElement enumeration) {
                enumeration
                        .getConstants()
                        .forEach(value -> lines.put(
                                scope + value.getName(), value.getLocation().getLine()));
            }
        }
    }
}
