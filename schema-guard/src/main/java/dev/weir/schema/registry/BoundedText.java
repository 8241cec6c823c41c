package dev.weir.schema.registry;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The text of an answer; one that is too long fails with an {@link UnusableSchemaException}, and its rest is not read. */
final class BoundedText implements BodySubscriber<String> {
    private final BodySubscriber<String> whole = BodySubscribers.ofString(StandardCharsets.UTF_8);
    private final int bytesMax;
    private long bytes;
    private Flow.@Nullable Subscription subscription;

    BoundedText(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<String> getBody() {
        return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        whole.onSubscribe(begun);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        long before = bytes;
        parts.forEach(part -> bytes += part.remaining());
        if (bytes <= bytesMax) {
            whole.onNext(parts);
        } else if (before <= bytesMax) {
            if (subscription != null) {
                subscription.cancel();
            }
            whole.onError(new UnusableSchemaException("the registry's answer has more than " + bytesMax + " bytes"));
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.onError(failure);
    }

    @Override
    public void onComplete() {
        whole.onComplete();
    }
}
