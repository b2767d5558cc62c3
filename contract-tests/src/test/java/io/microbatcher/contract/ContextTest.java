package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.awaitEnd;
import static io.microbatcher.contract.Caller.elsewhere;
import static io.microbatcher.contract.Caller.resultOf;
import static io.microbatcher.contract.ThreadContext.as;
import static io.microbatcher.contract.ThreadContext.here;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel.Result;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R5.7: what depends on a job's future sees what its caller carried. */
class ContextTest {
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor workers = new ManualExecutor();
    private final ThreadContext context = new ThreadContext();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(context.closed).hasValue(context.restored.get());
        ThreadContext.set(null);
    }

    private MicroBatcher.Builder<String, String> batcher() {
        return batcher(jobs -> jobs);
    }

    private MicroBatcher.Builder<String, String> batcher(BatchProcessor<String, String> processor) {
        return MicroBatcher.builder(processor)
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .timer(time)
                .executor(workers)
                .context(context);
    }

    /** Submits a job as somebody; notes what its callback sees. */
    private CompletableFuture<String> submit(MicroBatcher<String, String> batcher, String job, String as) {
        CompletableFuture<String> future = as(as, () -> batcher.submit(job));
        future.whenComplete((result, failure) -> seen.add(job + " in " + here()));
        return future;
    }

    /** How a job may end. */
    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private enum End {
        SUCCESS(test -> test.workers.runAll()),
        FAILURE(test -> test.workers.runAll()),
        STREAMED(test -> test.workers.runAll()),
        STREAMED_FAILURE(test -> test.workers.runAll()),
        JOB_TIMEOUT(test -> test.time.advance(Duration.ofMillis(50))),
        BATCH_TIMEOUT(test -> {
            test.workers.runAll();
            test.time.advance(Duration.ofMillis(20));
        });

        private final Consumer<ContextTest> make;

        End(Consumer<ContextTest> make) {
            this.make = make;
        }

        BatchProcessor<String, String> processor() {
            return switch (this) {
                case SUCCESS, JOB_TIMEOUT -> jobs -> jobs;
                case FAILURE ->
                    jobs -> {
                        throw new IllegalStateException("no");
                    };
                case STREAMED, STREAMED_FAILURE ->
                    BatchProcessor.streaming((jobs, answers) -> {
                        for (int i = 0; i < jobs.size(); i++) {
                            if (this == STREAMED) {
                                answers.complete(i, jobs.get(i));
                            } else {
                                answers.fail(i, new IllegalStateException("no"));
                            }
                        }
                    });
                case BATCH_TIMEOUT -> BatchProcessor.async(jobs -> new CompletableFuture<>());
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_7_howeverItEndsEachCallbackIsInTheContextOfItsOwnCaller(End end) {
        var batcher = batcher(end.processor())
                .jobTimeout(Duration.ofMillis(50))
                .batchTimeout(Duration.ofMillis(20))
                .build();
        submit(batcher, "a", "alice");
        submit(batcher, "b", "bob");
        as("the delivering thread", () -> {
            end.make.accept(this);
            assertThat(here()).isEqualTo("the delivering thread");
            return null;
        });
        assertThat(seen).containsExactly("a in alice", "b in bob");
        assertThat(context.captured).hasValue(2);
        assertThat(context.restored).hasValue(2);
    }

    /** How a caller may take its job back. */
    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private enum TakeBack {
        CANCEL(future -> future.cancel(true)),
        COMPLETE(future -> future.complete("from outside")),
        FAIL(future -> future.completeExceptionally(new IllegalStateException("from outside"))),
        OBTRUDE(future -> future.obtrudeValue("from outside")),
        OBTRUDE_FAILURE(future -> future.obtrudeException(new IllegalStateException("from outside")));

        private final Consumer<CompletableFuture<String>> make;

        TakeBack(Consumer<CompletableFuture<String>> make) {
            this.make = make;
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_7_whoeverTakesAJobBackItsCallbackIsInTheContextOfItsCaller(TakeBack way) {
        var batcher = batcher().build();
        var future = submit(batcher, "a", "alice");
        as("somebody else", () -> {
            way.make.accept(future);
            assertThat(here()).isEqualTo("somebody else");
            return null;
        });
        assertThat(seen).containsExactly("a in alice");
    }

    @Test
    void r5_7_jobsThatAreAbandonedAreInTheContextOfTheirCallers() {
        var batcher = batcher().build();
        submit(batcher, "a", "alice");
        as("who shuts down", batcher::shutdownNow);
        assertThat(seen).containsExactly("a in alice");
    }

    @Test
    void r5_7_aJobWithWeightAndKeyCarriesItsContextToo() {
        var batcher =
                batcher().maxBatchWeight(10, job -> 1).partitionBy(job -> "key").build();
        submit(batcher, "a", "alice");
        submit(batcher, "b", "bob");
        workers.runAll();
        assertThat(seen).containsExactly("a in alice", "b in bob");
    }

    @Test
    void r5_7_whatIsSubmittedInACallbackHasTheContextOfThatCallback() {
        var batcher = batcher().batchSize(1).build();
        as("alice", () -> batcher.submit("outer")).thenAccept(result -> submit(batcher, "inner", here()));
        as("the delivering thread", workers::runAll);
        assertThat(seen).containsExactly("inner in alice");
    }

    @Test
    void r5_7_aCallbackThatRunsInsideOfAnotherHasItsOwn() {
        var batcher = batcher().build();
        var b = as("bob", () -> batcher.submit("b"));
        var a = as("alice", () -> batcher.submit("a"));
        b.whenComplete((result, failure) -> {
            seen.add("b in " + here());
            a.cancel(false);
            seen.add("b still in " + here());
        });
        a.whenComplete((result, failure) -> seen.add("a in " + here()));
        b.cancel(false);
        assertThat(seen).startsWith("b in bob").endsWith("b still in bob").contains("a in alice");
    }

    @Test
    void r5_7_withNothingToCarryTheCallbackSeesWhatItsThreadHas() {
        var batcher = batcher().build();
        submit(batcher, "a", null);
        submit(batcher, "b", "bob");
        as("the delivering thread", workers::runAll);
        assertThat(seen).containsExactly("a in the delivering thread", "b in bob");
    }

    @Test
    void r5_7_aJobThatIsRefusedChangesNothing() {
        var batcher = batcher().maxPending(1).overflow(OverflowPolicy.REJECT).build();
        submit(batcher, "a", "alice");
        as("bob", () -> {
            var refused = batcher.submit("b");
            refused.whenComplete(
                    (result, failure) -> seen.add(failure.getClass().getSimpleName() + " in " + here()));
            assertThat(here()).isEqualTo("bob");
            return null;
        });
        batcher.shutdownNow();
        as("carol", () -> {
            batcher.submit("c")
                    .whenComplete(
                            (result, failure) -> seen.add(failure.getClass().getSimpleName() + " in " + here()));
            return null;
        });
        assertThat(seen)
                .containsExactly(
                        BatcherFullException.class.getSimpleName() + " in bob",
                        "a in alice",
                        BatcherClosedException.class.getSimpleName() + " in carol");
    }

    @Test
    void r5_7_whatDependsOnADrainOrAShutdownHasTheContextOfWhoAskedForIt() {
        var batcher = batcher().build();
        submit(batcher, "a", "alice");
        as("drainer", batcher::drain).thenRun(() -> seen.add("drained in " + here()));
        as("closer", batcher::shutdown).thenRun(() -> seen.add("closed in " + here()));
        as("the delivering thread", workers::runAll);
        assertThat(seen).containsExactlyInAnyOrder("a in alice", "drained in drainer", "closed in closer");
    }

    @Test
    void r5_7_theSubscriberOfAChannelHasItsOwn() throws Exception {
        var batcher = batcher().build();
        var channel = batcher.openChannel();
        channel.subscribe(new Flow.Subscriber<Result<String, String>>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Result<String, String> result) {
                seen.add(result.job() + " in " + here());
            }

            @Override
            public void onError(Throwable failure) {
                seen.add(failure.toString());
            }

            @Override
            public void onComplete() {
                seen.add("end");
            }
        });
        as("alice", () -> {
            channel.submit("a");
            return channel.trySubmit("b");
        });
        channel.halfClose();
        as("the delivering thread", workers::runAll);
        assertThat(seen).containsExactly("a in the delivering thread", "b in the delivering thread", "end");
        assertThat(context.captured).hasValue(2);
    }

    @Test
    void r5_7_itWorksOnThreadsOfTheLibraryToo() {
        try (var batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchSize(4)
                .context(context)
                .build()) {
            List<CompletableFuture<?>> told = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String name = "caller " + i;
                told.add(as(
                        name,
                        () -> batcher.submit(name) // it may be done already: then the callback runs right here
                                .thenAccept(result -> seen.add(name.equals(here()) ? "right" : "in " + here()))));
            }
            told.forEach(Caller::awaitEnd);
            assertThat(seen).hasSize(1_000).containsOnly("right");
        }
    }

    /** Were they inherited, the batch would be in the context of the caller whose job made it leave. */
    @Test
    void r5_8_threadsOfTheLibraryInheritNothingOfTheirFirstCaller() {
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        ClassLoader loader = new ClassLoader("mine", getClass().getClassLoader()) {};
        List<ClassLoader> loaders = new CopyOnWriteArrayList<>();
        CountDownLatch gate = new CountDownLatch(1);
        int many = 200; // more than there may be threads that idle, left over from other tests
        try (var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    seen.add(String.valueOf(inherited.get()));
                    loaders.add(Thread.currentThread().getContextClassLoader());
                    Caller.await(gate);
                    return jobs;
                })
                .batchSize(1)
                .maxConcurrentBatches(many)
                .build()) {
            awaitEnd(elsewhere(() -> {
                inherited.set("the first caller's");
                Thread.currentThread().setContextClassLoader(loader);
                for (int i = 0; i < many; i++) {
                    batcher.submit("a");
                }
            }));
            gate.countDown();
            resultOf(batcher.drain());
        }
        assertThat(seen).hasSize(many).containsOnly("null");
        if (Runtime.version().feature() >= 21) {
            assertThat(loaders).as("that of the caller, as ever").contains(loader);
        }
    }
}
