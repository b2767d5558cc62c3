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
 *
 * <p>I2: a thread that has results to bring elsewhere signals a few elements, then leaves the rest to another, which
 * inherits I1: otherwise an endless stream would keep it from its other callers for ever (R1.1).
 */
final class ChannelSubscription<J, R extends @Nullable Object> implements Flow.Subscription {
    private static final int FEW = 64;

    private final ResultChannel<J, R> channel;
    private final ChannelQueue<J, R> queue;
    private final AtomicLong demand = new AtomicLong();

    /** Starts above zero: nothing is signalled before {@code onSubscribe} has returned. */
    private final AtomicInteger work = new AtomicInteger(1);

    /** Null when it has seen its end: nothing more is signalled, and nothing keeps it alive. Written by the signaller. */
    private volatile Flow.@Nullable Subscriber<? super Result<J, R>> subscriber;

    private volatile boolean cancelled;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread signalling;

    /** How many elements the thread that signals may still signal; its own (I1). */
    private int allowance;

    ChannelSubscription(
            ResultChannel<J, R> channel, ChannelQueue<J, R> queue, Flow.Subscriber<? super Result<J, R>> subscriber) {
        this.channel = channel;
        this.queue = queue;
        this.subscriber = subscriber;
    }

    void begin() {
        introduce();
        signalUpTo(FEW);
    }

    /** Ends it at once. It stays above zero work, and so does not touch the channel, whatever the subscriber asks. */
    void refuse(Throwable why) {
        introduce();
        Flow.Subscriber<? super Result<J, R>> to = subscriber;
        subscriber = null;
        if (to != null && !cancelled) {
            end(to, why);
        }
    }

    private void introduce() {
        Flow.Subscriber<? super Result<J, R>> to = subscriber;
        signalling = Thread.currentThread();
        try {
            if (to != null) {
                to.onSubscribe(this);
            }
        } catch (Throwable thrown) {
            broken(thrown);
        } finally {
            signalling = null;
        }
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            demand.accumulateAndGet(n, (have, more) -> have + more < 0 ? Long.MAX_VALUE : have + more);
        } else if (failure == null) {
            failure =
                    new IllegalArgumentException("a subscriber must request 1 or more (rule 3.9), but requested " + n);
        }
        emit();
    }

    @Override
    public void cancel() {
        cancelled = true;
        emit();
    }

    /** Whether the current thread is in the subscriber, which then waits for nothing that the subscriber has to do. */
    boolean isSignallingHere() {
        return signalling == Thread.currentThread();
    }

    /** Signals what there is to signal, on this thread or on the one that does so already. */
    void emit() {
        if (work.getAndIncrement() == 0) { // I1
            signalUpTo(FEW);
        }
    }

    private void signalUpTo(int elements) {
        allowance = elements;
        int seen;
        do {
            seen = work.get();
            boolean goesOn;
            signalling = Thread.currentThread();
            try {
                goesOn = signal();
            } finally {
                signalling = null;
            }
            if (goesOn) {
                queue.dispatcher().starter.elsewhere(() -> signalUpTo(Integer.MAX_VALUE)); // I2
                return;
            }
        } while (work.addAndGet(-seen) != 0);
    }

    /** Signals until there is nothing more to signal, or for too long: whether another thread has to go on. */
    private boolean signal() {
        Flow.Subscriber<? super Result<J, R>> to;
        while ((to = subscriber) != null) {
            Throwable why = failure;
            if (cancelled || why != null) {
                subscriber = null;
                if (!cancelled && why != null) {
                    end(to, why);
                }
                channel.close();
                return false;
            }
            if (allowance <= 0 && Frame.isInside(queue.dispatcher())) {
                return true;
            }
            Result<J, R> next = demand.get() > 0 ? queue.poll() : null;
            if (next != null) {
                allowance -= allowance > 0 ? 1 : 0;
                demand.updateAndGet(have -> have == Long.MAX_VALUE ? have : have - 1);
                onNext(to, next);
            } else if (queue.isFinished()) {
                subscriber = null;
                end(to, queue.isCutShort() ? closedEarly() : null);
            } else {
                return false;
            }
        }
        return false;
    }

    private void onNext(Flow.Subscriber<? super Result<J, R>> to, Result<J, R> next) {
        try {
            to.onNext(next);
        } catch (Throwable thrown) {
            broken(thrown);
        }
    }

    private <T> void end(Flow.Subscriber<T> to, @Nullable Throwable why) {
        try {
            if (why == null) {
                to.onComplete();
            } else {
                to.onError(why);
            }
        } catch (Throwable thrown) {
            Log.warn("a subscriber of a result channel of " + queue.dispatcher().name() + " threw at its end", thrown);
        }
    }

    /** A subscriber that throws breaks the rules (2.13); it is treated as one that has cancelled. */
    private void broken(Throwable thrown) {
        cancelled = true;
        Log.warn(
                "a subscriber of a result channel of " + queue.dispatcher().name() + " threw, and is cancelled",
                thrown);
    }

    private static Throwable closedEarly() {
        return new IllegalStateException("the channel was closed before its last result was taken");
    }
}
