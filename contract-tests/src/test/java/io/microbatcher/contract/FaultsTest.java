package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.microbatcher.BatchListener;
import io.microbatcher.BatcherStats;
import io.microbatcher.ContextCarrier;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.Timer;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every function that is not the batcher's own throws everything that can be thrown. Afterwards every caller has an answer,
 * the books are balanced, all slots are free, and the batcher works as if nothing had been.
 */
@Timeout(120)
class FaultsTest {
    private static final int JOBS = 7;

    /** Who throws. */
    enum Foreign {
        PROCESSOR,
        RESULTS,
        WEIGHER,
        KEY,
        LISTENER,
        EXECUTOR_BEFORE,
        EXECUTOR_AFTER,
        THREAD_FACTORY,
        CALLBACK,
        CAPTURE,
        RESTORE,
        SCOPE,
        PREDICATE,
        SCHEDULE
    }

    private static Stream<Throwable> thrown() {
        return Stream.of(
                new IllegalStateException("fault"),
                new Exception("fault, checked"),
                new InterruptedException("fault"),
                new AssertionError("fault"),
                new OutOfMemoryError("fault"),
                new StackOverflowError("fault"),
                new NoClassDefFoundError("fault"),
                new InternalError("fault"));
    }

    static Stream<Arguments> everything() {
        return Stream.of(Foreign.values()).flatMap(who -> thrown().map(what -> Arguments.of(who, what)));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void r1_1_whateverThrowsEveryJobEndsAndTheBooksAreBalanced(Foreign who, Throwable what) {
        try (Faulty faulty = new Faulty(who, what)) {
            faulty.on = true;
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            assertThatCode(() -> {
                        for (int i = 0; i < JOBS; i++) {
                            jobs.add(faulty.submit("job " + i));
                        }
                    })
                    .doesNotThrowAnyException();
            jobs.forEach(Caller::awaitEnd);
            Caller.awaitEnd(faulty.batcher.drain());
            faulty.assertNothingIsLeft();

            faulty.on = false;
            List<CompletableFuture<String>> afterwards = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                afterwards.add(faulty.submit("after " + i));
            }
            assertThat(afterwards)
                    .allSatisfy(job -> assertThat(Caller.resultOf(job)).startsWith("after"));
            Caller.awaitEnd(faulty.batcher.drain());
            faulty.assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void r3_4_anExecutorMayRefuseAtAnyStep(int step) {
        AtomicInteger calls = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Executor moody = task -> {
            if (calls.getAndIncrement() == step) {
                throw new IllegalStateException("not now");
            }
            threads.execute(task);
        };
        try (MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> batch) -> batch)
                .batchSize(2)
                .batchCycle(Duration.ofMillis(1))
                .maxConcurrentBatches(2)
                .executor(moody)
                .build()) {
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                jobs.add(batcher.submit("job " + i));
            }
            jobs.forEach(Caller::awaitEnd);
            Caller.awaitEnd(batcher.drain());
            assertNothingIsLeft(batcher.stats());
            assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isLessThanOrEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertNothingIsLeft(BatcherStats books) {
        assertThat(books.pending()).as("pending").isZero();
        assertThat(books.waiting()).as("waiting").isZero();
        assertThat(books.toRetry()).as("to retry").isZero();
        assertThat(books.inFlight()).as("in flight").isZero();
        assertThat(books.inFlightBatches()).as("batches in flight").isZero();
        assertThat(books.blocked()).as("blocked").isZero();
        assertThat(books.ended()).as("ended").isEqualTo(books.accepted());
    }

    /** A batcher with every option that calls foreign code, one of which throws while the fault is on. */
    private static final class Faulty implements AutoCloseable, BatchListener, ContextCarrier<String> {
        final MicroBatcher<String, String> batcher;
        private final Foreign who;
        private final Throwable what;
        private final ExecutorService threads;
        volatile boolean on;

        Faulty(Foreign who, Throwable what) {
            this.who = who;
            this.what = what;
            this.threads = Executors.newFixedThreadPool(2, task -> {
                at(Foreign.THREAD_FACTORY);
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            });
            this.batcher = MicroBatcher.builder(this::process)
                    .batchCycle(Duration.ofMillis(1))
                    .maxBatchWeight(5, job -> {
                        at(Foreign.WEIGHER);
                        return 2;
                    })
                    .partitionBy(job -> {
                        at(Foreign.KEY);
                        return job.length();
                    })
                    .maxConcurrentBatches(2)
                    .retry(RetryPolicy.ofAttempts(2)
                            .backoff(Duration.ofNanos(1), Duration.ofNanos(1))
                            .when(failure -> {
                                at(Foreign.PREDICATE);
                                return true;
                            }))
                    .listener(this)
                    .context(this)
                    .executor(this::execute)
                    .timer(new Clock())
                    .build();
        }

        private void at(Foreign here) {
            if (on && here == who) {
                Caller.sneak(what);
            }
        }

        CompletableFuture<String> submit(String job) {
            CompletableFuture<String> future = batcher.submit(job);
            future.whenComplete((result, failure) -> at(Foreign.CALLBACK));
            return future;
        }

        private List<String> process(List<String> jobs) {
            at(Foreign.PROCESSOR);
            if (on && who == Foreign.PREDICATE) {
                throw new IllegalStateException("so that the predicate is asked");
            }
            return new AbstractList<>() {
                @Override
                public String get(int index) {
                    return jobs.get(index);
                }

                @Override
                public int size() {
                    at(Foreign.RESULTS);
                    return jobs.size();
                }
            };
        }

        private void execute(Runnable task) {
            at(Foreign.EXECUTOR_BEFORE);
            threads.execute(task);
            at(Foreign.EXECUTOR_AFTER);
        }

        void assertNothingIsLeft() {
            FaultsTest.assertNothingIsLeft(batcher.stats());
        }

        @Override
        public void close() {
            batcher.close();
            threads.shutdownNow();
        }

        @Override
        public void accepted(Object job) {
            at(Foreign.LISTENER);
        }

        @Override
        public void rejected(Object job, RuntimeException why) {
            at(Foreign.LISTENER);
        }

        @Override
        public void dispatched(BatchInfo batch) {
            at(Foreign.LISTENER);
        }

        @Override
        public ContextCarrier.Scope processing(BatchInfo batch) {
            at(Foreign.LISTENER);
            return () -> at(Foreign.LISTENER);
        }

        @Override
        public void completed(BatchInfo batch, long nanos, int failedJobs) {
            at(Foreign.LISTENER);
        }

        @Override
        public void failed(BatchInfo batch, long nanos, Throwable cause) {
            at(Foreign.LISTENER);
        }

        @Override
        public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
            at(Foreign.LISTENER);
        }

        @Override
        public String capture() {
            at(Foreign.CAPTURE);
            return "context";
        }

        @Override
        public Scope restore(String captured) {
            at(Foreign.RESTORE);
            return () -> at(Foreign.SCOPE);
        }

        /** The real time, with an alarm that may fail to be set. */
        private final class Clock implements Timer {
            private final long start = System.nanoTime();

            @Override
            public long nanos() {
                return System.nanoTime() - start;
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                at(Foreign.SCHEDULE);
                long delay = Math.max(0, atNanos - nanos());
                CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS).execute(task);
            }
        }
    }
}
