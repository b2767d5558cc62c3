package io.microbatcher.model;

import io.microbatcher.ResultChannel.Result;
import io.microbatcher.model.RealProcessor.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells the tickets of a channel what has arrived for them, on whatever thread brings it, a few at a time. */
final class RealSubscriber implements Flow.Subscriber<Result<Ticket, Answer>> {
    /** Completes with the end of the channel. */
    final CompletableFuture<Void> over = new CompletableFuture<>();

    private final RealRound round;
    private final AtomicBoolean isSignalled = new AtomicBoolean();
    private Flow.Subscription subscription;
    private int requested;

    RealSubscriber(RealRound round) {
        this.round = round;
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        subscription = granted;
        request();
    }

    private void request() {
        requested = round.turbulence.oneIn(2) ? 1 : 5;
        subscription.request(requested);
    }

    @Override
    public void onNext(Result<Ticket, Answer> result) {
        if (!isSignalled.compareAndSet(false, true)) {
            round.found(new AssertionError("two signals at once"));
        }
        round.turbulence.perturb();
        result.job().told(result.value(), result.failure());
        isSignalled.set(false);
        if (--requested == 0) {
            request();
        }
    }

    @Override
    public void onError(Throwable failure) {
        over.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        over.complete(null);
    }
}
