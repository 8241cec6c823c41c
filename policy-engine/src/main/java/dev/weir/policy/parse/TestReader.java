package dev.weir.policy.parse;

import dev.weir.policy.decide.BuiltInRules;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.PolicyTest;
import dev.weir.policy.model.Query;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.util.Optional;

/** Reads one of policy's own tests. */
final class TestReader {
    private final String document;
    private final References references;

    TestReader(String document, References references) {
        this.document = document;
        this.references = references;
    }

    PolicyTest read(YamlObject test) {
        Text as = test.requiredText("as");
        if (!as.isEmpty() && !as.value().equals(PolicyTest.ANONYMOUS)) {
            references.service(as);
        }
        Query query = QueryReader.read(test);
        PolicyTest.Expectation expect = test.required("expect", "allow, deny or dry-run")
                .flatMap(value -> value.choice(Words.EXPECTATIONS))
                .orElse(PolicyTest.Expectation.DENY);
        Circumstances circumstances =
                test.object("with", ConditionReader::circumstances).orElse(Circumstances.UNKNOWN);
        Optional<Text> by = test.text("by");
        by.ifPresent(rule -> references.rule(document, rule));
        return new PolicyTest(
                document, as.value(), query, circumstances, expect, by.map(rule -> full(rule.value())), test.at());
    }

    private String full(String rule) {
        return rule.contains("/") || BuiltInRules.ALL.contains(rule) ? rule : document + "/" + rule;
    }
}
