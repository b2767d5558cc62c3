package io.microbatcher;

import io.microbatcher.ResultChannel.Result;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives a channel's results to its subscriber as it asks for them.
 *
 * <p>I1: one thread at a time signals: the one that raises {@code work} from zero; others leave it a note by raising it
 * further. So a subscriber that asks for more inside of {@code onNext} does not recurse (Reactive Streams 1.3, 3.3).
 */
final class ChannelSubscription<J, R extends @Nullable Object> implements Flow.Subscription {
    private final ResultChannel<J, R> channel;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();

    /** Null when it has seen its end: nothing more is signalled, and nothing keeps it alive. Written by the signaller. */
    private volatile Flow.@Nullable Subscriber<? super Result<J, R>> subscriber;

    private volatile boolean cancelled;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread emitting;

    ChannelSubscription(ResultChannel<J, R> channel, Flow.Subscriber<? super Result<J, R>> subscriber) {
        this.channel = channel;
        this.subscriber = subscriber;
    }

    void begin() {
        work.incrementAndGet(); // nothing is signalled before onSubscribe has returned
        introduce();
        loop();
    }

    void refuse(Throwable why) {
        work.incrementAndGet();
        introduce();
        failure = why;
        demand.set(0);
        Flow.Subscriber<? super Result<J, R>> to = subscriber;
        subscriber = null;
        if (to != null && !cancelled) {
            to.onError(why);
        }
    }

    private void introduce() {
        Flow.Subscriber<? super Result<J, R>> to = subscriber;
        if (to != null) {
            to.onSubscribe(this);
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            fail(new IllegalArgumentException("a subscriber must request 1 or more (rule 3.9), but requested " + n));
        } else {
            demand.accumulateAndGet(n, (have, more) -> have + more < 0 ? Long.MAX_VALUE : have + more);
        }
        emit();
    }

    @Override
    public void cancel() {
        cancelled = true;
        emit();
    }

    /** Ends with an error at the next signal; {@link #emit()} follows. */
    void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
    }

    boolean isEmittingHere() {
        return emitting == Thread.currentThread();
    }

    /** Signals what there is to signal, on this thread or on the one that does so already. */
    void emit() {
        if (work.getAndIncrement() == 0) { // I1
            loop();
        }
    }

    private void loop() {
        int seen = work.get();
        do {
            emitting = Thread.currentThread();
            try {
                signal();
            } finally {
                emitting = null;
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void signal() {
        Flow.Subscriber<? super Result<J, R>> to = subscriber;
        while (to != null) {
            Throwable why = failure;
            if (cancelled || why != null) {
                subscriber = null;
                if (!cancelled) {
                    to.onError(why == null ? new IllegalStateException() : why);
                }
                channel.close();
                return;
            }
            Result<J, R> next = demand.get() > 0 ? channel.poll() : null;
            if (next != null) {
                demand.updateAndGet(have -> have == Long.MAX_VALUE ? have : have - 1);
                onNext(to, next);
            } else if (channel.isFinished()) {
                subscriber = null;
                to.onComplete();
            } else {
                return;
            }
            to = subscriber;
        }
    }

    /** A subscriber that throws breaks the rules (2.13); it is treated as one that has cancelled. */
    private void onNext(Flow.Subscriber<? super Result<J, R>> to, Result<J, R> next) {
        try {
            to.onNext(next);
        } catch (Throwable thrown) {
            cancelled = true;
            Log.warn("a subscriber of a result channel threw, and is cancelled", thrown);
        }
    }
}
