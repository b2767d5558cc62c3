package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * R1.1 of a channel's subscriber: demand meets results that arrive and the end of the channel. Whoever comes second
 * signals: every result, then the end, one call at a time.
 */
@JCStressTest
@Outcome(id = "12\\.", expect = ACCEPTABLE, desc = "both results, then the end")
@Outcome(expect = FORBIDDEN, desc = "a signal is missing, or overlaps another (!)")
@State
public class DemandAgainstResult {
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
            .batchSize(10)
            .batchCycle(Duration.ofDays(1))
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();
    private final ResultChannel<Integer, Integer> channel = batcher.openChannel(2);
    private final Signals signals = new Signals();

    /** Writes down what it is told, without synchronization: one call at a time is the publisher's promise. */
    private static final class Signals implements Flow.Subscriber<Result<Integer, Integer>> {
        private String seen = "";
        private Flow.Subscription subscription;
        private volatile boolean busy;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(Result<Integer, Integer> result) {
            saw(String.valueOf(result.value()));
        }

        @Override
        public void onError(Throwable failure) {
            saw(failure.toString());
        }

        @Override
        public void onComplete() {
            saw(".");
        }

        private void saw(String signal) {
            String overlap = busy ? "!" : "";
            busy = true;
            seen = seen + overlap + signal;
            busy = false;
        }
    }

    public DemandAgainstResult() {
        channel.trySubmit(1);
        channel.trySubmit(2);
        channel.subscribe(signals);
    }

    @Actor
    public void ask() {
        signals.subscription.request(1);
        signals.subscription.request(1);
    }

    @Actor
    public void answer() {
        batcher.flush();
        channel.halfClose();
    }

    @Arbiter
    public void look(L_Result result) {
        result.r1 = signals.seen;
    }
}
