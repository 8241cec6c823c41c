package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import dev.weir.proxy.config.OAuthBearerConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads {@code sasl.oauthBearer} of a listener. */
final class OAuthBearerReader {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Sorted, so that of several that are equally near to a mistake always the same is suggested. */
    private static final SortedMap<String, String> ALGORITHMS = new TreeMap<>(OAuthBearerConfig.ALGORITHMS.stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity())));

    /** What stands in for a mistake that has been reported. */
    private static final String PLACEHOLDER = "https://issuer.invalid";

    private final ReferencedFiles files;
    private final Problems problems;

    OAuthBearerReader(ReferencedFiles files) {
        this.files = files;
        this.problems = files.problems();
    }

    OAuthBearerConfig read(YamlObject bearer) {
        Text issuer = bearer.requiredText("issuer");
        Optional<URI> issuerUrl = issuer.isEmpty() ? Optional.empty() : url(issuer);
        Optional<URI> jwksUrl = bearer.text("jwksUrl").flatMap(this::url);
        List<String> audiences = new ArrayList<>();
        for (YamlValue value : bearer.requiredValues("audience", "a list of what tokens may be meant for")) {
            value.text().map(Text::value).ifPresent(audiences::add);
        }
        List<String> algorithms = bearer.choices("algorithms", ALGORITHMS);
        return new OAuthBearerConfig(
                issuerUrl.isPresent() ? issuer.value() : PLACEHOLDER,
                jwksUrl.orElse(null),
                audiences.isEmpty() ? List.of(PLACEHOLDER) : audiences,
                algorithms.isEmpty() ? OAuthBearerConfig.ALGORITHMS : algorithms,
                bearer.text("principalClaim").map(Text::value).orElse(OAuthBearerConfig.PRINCIPAL_CLAIM_DEFAULT),
                bearer.text("groupsClaim").map(Text::value).orElse(""),
                millis(bearer, "clockSkew", Duration.ofMinutes(5), OAuthBearerConfig.CLOCK_SKEW_DEFAULT_MILLIS),
                millis(bearer, "keysRefresh", Duration.ofDays(1), OAuthBearerConfig.KEYS_REFRESH_DEFAULT_MILLIS),
                millis(bearer, "keysKept", Duration.ofDays(7), OAuthBearerConfig.KEYS_KEPT_DEFAULT_MILLIS),
                files.certificates(bearer, "trust").orElse(null));
    }

    /** Whoever can change what comes from there can be anybody: TLS, but on this machine. */
    private Optional<URI> url(Text text) {
        try {
            URI url = URI.create(text.value());
            if (HttpUrl.keepsSecrets(url) && !HttpUrl.hasCredentials(url)) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        problems.add(
                text.at(),
                "not the address of an identity provider",
                HttpUrl.shown(text),
                "an https:// address, or http:// on this machine");
        return Optional.empty();
    }

    private static long millis(YamlObject bearer, String key, Duration max, long fallbackMillis) {
        return bearer.duration(key, SECOND, max, Duration.ofMillis(fallbackMillis))
                .toMillis();
    }
}
