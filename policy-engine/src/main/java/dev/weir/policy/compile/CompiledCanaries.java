package dev.weir.policy.compile;

import dev.weir.canary.Clients;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.decide.ClientSelector;
import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.Canary;
import dev.weir.policy.model.ClientPattern;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import dev.weir.policy.yaml.Text;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compiles the documents about canaries to a lookup by client. */
final class CompiledCanaries {
    private CompiledCanaries() {}

    static Canaries compile(Policy policy, String revision) {
        return policy.canaries().isEmpty()
                ? Canaries.EMPTY
                : new Canaries(policy.canaries().stream()
                        .map(document -> compile(policy, document, revision))
                        .toList());
    }

    private static CanaryPolicy compile(Policy policy, Canary document, String revision) {
        String group = document.group().value();
        return new CanaryPolicy(
                new RuleRef(document.name(), document.at().file(), document.at().line(), revision),
                document.name(),
                document.owner(),
                group,
                group + Names.RESERVED_SUFFIX,
                document.topics().stream().map(Text::value).collect(Collectors.toSet()),
                clients(policy, document.stable()),
                clients(policy, document.canary()),
                document.strategy(),
                document.match(),
                document.redirect().stream().map(Text::value).collect(Collectors.toSet()),
                document.handover(),
                document.weight(),
                document.steps(),
                document.gates());
    }

    private static ClientSelector clients(Policy policy, Canary.Selector selector) {
        String name = selector.service().value();
        ClientPattern clientIds = Optional.ofNullable(policy.services().get(name))
                .flatMap(selector::pattern)
                .orElseThrow(() -> new IllegalArgumentException("no such clients: " + selector));
        return new ClientSelector(
                selector.version().map(Text::value),
                new Clients(
                        name,
                        clientIds.pattern().toString(),
                        clientIds.except().stream().map(NamePattern::toString).toList()));
    }
}
