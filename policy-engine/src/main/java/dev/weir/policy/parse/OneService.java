package dev.weir.policy.parse;

import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;

/** Reads the {@code service:} of a document that is about the requests of one. */
final class OneService {
    private OneService() {}

    static String read(YamlObject spec, References references) {
        Text service = spec.requiredText("service");
        if (service.value().equals("*")) {
            spec.problems().add(service.at(), "one Service is meant", "\"*\"", "the name of a Service");
        } else if (!service.isEmpty()) {
            references.service(service);
        }
        return service.value();
    }
}
