package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * R3.2, R3.4: a permit comes back while a caller finds that there is none and goes to wait. It is woken up. The wait is
 * limited, so that one who sleeps on is an outcome and not a hang.
 */
@JCStressTest
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "each has had its turn, twice")
@Outcome(expect = FORBIDDEN, desc = "results of each; BLOCKED: nobody told the caller that there is room")
@State
public class PermitAgainstBlockedCaller {
    /** Longer than a loaded machine may keep a thread waiting; once one has slept on, the next need not wait as long. */
    private static volatile Duration patience = Duration.ofMillis(Integer.getInteger("concurrency.patience", 10_000));

    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
            .batchSize(1)
            .maxPending(1)
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();

    @Actor
    public void one(LL_Result result) {
        result.r1 = runTwice();
    }

    @Actor
    public void other(LL_Result result) {
        result.r2 = runTwice();
    }

    private String runTwice() {
        long start = System.nanoTime();
        try {
            int sum = batcher.run(1, patience) + batcher.run(1, patience);
            if (System.nanoTime() - start < patience.toNanos()) {
                return String.valueOf(sum);
            }
        } catch (TimeoutException slept) {
            // there was no room, or it did not know
        } catch (InterruptedException never) {
            return "interrupted";
        }
        patience = Duration.ofMillis(1);
        return "BLOCKED";
    }
}
