package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.ContextCarrier.Scope;
import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import io.microbatcher.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What listeners learn before the first job, and what they put around the call of a processor. */
class ProcessingScopeTest {
    private final BatchesFixture fixture = new BatchesFixture();
    private final List<String> seen = new ArrayList<>();
    private final ThreadContext context = new ThreadContext();

    /** Notes what it is told, under a name. */
    private BatchListener listener(String name) {
        return new BatchListener() {
            @Override
            public void built(MicroBatcher<?, ?> batcher) {
                seen.add(name + " built " + batcher.name() + " "
                        + batcher.stats().pending());
            }

            @Override
            public void dispatched(BatchInfo batch) {
                seen.add(name + " dispatched " + batch.id());
            }

            @Override
            public @Nullable Scope processing(BatchInfo batch) {
                seen.add(name + " opens " + batch.id() + " for "
                        + JobContexts.current().get(0));
                return () -> seen.add(name + " closes");
            }

            @Override
            public void failed(BatchInfo batch, long nanos, Throwable cause) {
                seen.add(name + " failed " + batch.id());
            }

            @Override
            public void completed(BatchInfo batch, long nanos, int failedJobs) {
                seen.add(name + " completed " + batch.id());
            }
        };
    }

    @Test
    void r5_10_eachListenerIsToldOfTheBatcherOnceBeforeAnybodyHasIt() {
        fixture.atOnce()
                .name("shop")
                .listener(listener("first"))
                .listener(listener("second"))
                .build();
        assertThat(seen).containsExactly("first built shop 0", "second built shop 0");
    }

    @Test
    void r5_11_aScopeIsAroundTheCallAndTheLastListenerIsInnermost() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    seen.add("process");
                    return jobs;
                })
                .batchSize(1)
                .executor(Runnable::run)
                .context(context)
                .listener(listener("outer"))
                .listener(listener("inner"))
                .build();
        seen.clear();
        ThreadContext.as("alice", () -> batcher.submit("a"));
        assertThat(seen)
                .containsExactly(
                        "outer dispatched 1",
                        "inner dispatched 1",
                        "outer opens 1 for alice",
                        "inner opens 1 for alice",
                        "process",
                        "inner closes",
                        "outer closes",
                        "outer completed 1",
                        "inner completed 1");
    }

    @Test
    void r5_11_aScopeIsClosedWhenTheProcessorThrows() {
        MicroBatcher<String, Void> batcher = MicroBatcher.<String, Void>builder((List<String> jobs) -> {
                    throw new IllegalStateException("no");
                })
                .batchSize(1)
                .executor(Runnable::run)
                .listener(listener("a"))
                .build();
        CompletableFuture<Void> job = batcher.submit("a");
        assertThat(job).isCompletedExceptionally();
        assertThat(seen).endsWith("a dispatched 1", "a opens 1 for null", "a closes", "a failed 1");
    }

    @Test
    void r5_11_anAsynchronousCallIsOverWhenItHasReturnedItsStage() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).listener(listener("a")).build();
        batcher.submit("a");
        assertThat(seen).endsWith("a dispatched 1", "a opens 1 for null", "a closes");
        fixture.finish(0);
        assertThat(seen).endsWith("a closes", "a completed 1");
    }

    @Test
    void r5_11_aBatchThatNeverComesToTheProcessorOpensNothing() {
        fixture.workers.refuse(true);
        MicroBatcher<String, String> batcher =
                fixture.onDemand().batchSize(1).listener(listener("a")).build();
        batcher.submit("a");
        batcher.drain().join();
        assertThat(seen).endsWith("a dispatched 1", "a failed 1");
    }

    @Test
    void r5_11_aBatchWhoseTimeIsOverBeforeItsWorkerHasBegunHasLeftBeforeItFails() {
        Timer hasty = new Timer() {
            @Override
            public long nanos() {
                return fixture.time.nanos();
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                fixture.time.schedule(atNanos, task);
                fixture.advanceMillis(100); // the time passes before the worker goes on
            }
        };
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    seen.add("process");
                    return jobs;
                })
                .name("hasty")
                .batchSize(1)
                .batchTimeout(Duration.ofMillis(50))
                .timer(hasty)
                .executor(Runnable::run)
                .listener(listener("a"))
                .build();
        assertThat(batcher.submit("a")).isCompletedExceptionally();
        assertThat(seen).containsExactly("a built hasty 0", "a dispatched 1", "a failed 1");
    }
}
