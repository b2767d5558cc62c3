package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherStats;
import io.microbatcher.Coalescing;
import io.microbatcher.ContextCarrier;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever happens, what listeners are told adds up to what the books say, whether they watch each job or not. */
@Tag("R5.10")
@Tag("R5.11")
@Timeout(300) // a hang fails instead of stopping the build
class WatchedBooksTest {
    private static final int ROUNDS = Integer.getInteger("watched.rounds", 60);

    private static ExecutorService threads;

    @BeforeAll
    static void start() {
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
    }

    /** Adds up what it is told. */
    private static final class Sums implements BatchListener {
        final boolean each;
        final LongAdder accepted = new LongAdder();
        final LongAdder rejected = new LongAdder();
        final LongAdder retried = new LongAdder();
        final LongAdder unmatched = new LongAdder();
        final LongAdder sizes = new LongAdder();
        final AtomicInteger built = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger wrong = new AtomicInteger();
        final Map<JobOutcome, LongAdder> bulk = new EnumMap<>(JobOutcome.class);
        final Map<JobOutcome, LongAdder> single = new EnumMap<>(JobOutcome.class);
        final Map<DispatchReason, LongAdder> reasons = new EnumMap<>(DispatchReason.class);
        final Set<Long> left = ConcurrentHashMap.newKeySet();
        final Set<Long> over = ConcurrentHashMap.newKeySet();

        Sums(boolean each) {
            this.each = each;
            for (JobOutcome outcome : JobOutcome.values()) {
                bulk.put(outcome, new LongAdder());
                single.put(outcome, new LongAdder());
            }
            for (DispatchReason reason : DispatchReason.values()) {
                reasons.put(reason, new LongAdder());
            }
        }

        @Override
        public boolean watchesEachJob() {
            return each;
        }

        @Override
        public void built(MicroBatcher<?, ?> batcher) {
            built.incrementAndGet();
        }

        @Override
        public void accepted(Object job) {
            accepted.increment();
        }

        @Override
        public void rejected(Object job, RuntimeException why) {
            rejected.increment();
        }

        @Override
        public void dispatched(BatchInfo batch) {
            reasons.get(batch.reason()).increment();
            sizes.add(batch.size());
            if (!left.add(batch.id())) {
                wrong.incrementAndGet();
            }
        }

        @Override
        public ContextCarrier.@Nullable Scope processing(BatchInfo batch) {
            open.incrementAndGet();
            return open::decrementAndGet;
        }

        @Override
        public void completed(BatchInfo batch, long nanos, int failedJobs) {
            over(batch, nanos);
        }

        @Override
        public void failed(BatchInfo batch, long nanos, Throwable cause) {
            over(batch, nanos);
        }

        private void over(BatchInfo batch, long nanos) {
            if (!over.add(batch.id()) || nanos < 0) {
                wrong.incrementAndGet();
            }
        }

        @Override
        public void retried(BatchInfo batch, int jobs, Throwable cause) {
            retried.add(jobs);
        }

        @Override
        public void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {
            bulk.get(outcome).add(jobs);
            if (jobs < 1 || waitNanos < 0 || totalNanos < waitNanos || closed.get() > 0) {
                wrong.incrementAndGet();
            }
        }

        @Override
        public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
            single.get(outcome).increment();
            if (waitNanos < 0 || totalNanos < waitNanos || closed.get() > 0) {
                wrong.incrementAndGet();
            }
        }

        @Override
        public void unmatched(BatchInfo batch, @Nullable Object result) {
            unmatched.increment();
        }

        @Override
        public void closed() {
            closed.incrementAndGet();
        }

        /** The thread of a batch that has timed out may go on after everything, and so may its answers. */
        boolean isQuiet(BatcherStats stats) {
            return open.get() == 0 && unmatched.sum() == stats.unmatched() && left.size() == stats.batches();
        }

        void check(BatcherStats stats, String round) {
            for (JobOutcome outcome : JobOutcome.values()) {
                assertThat(bulk.get(outcome).sum())
                        .as("%s: %s of %s", round, outcome, stats)
                        .isEqualTo(stats.jobs(outcome));
                assertThat(single.get(outcome).sum())
                        .as("%s: %s of %s", round, outcome, stats)
                        .isEqualTo(each ? stats.jobs(outcome) : 0);
            }
            for (DispatchReason reason : DispatchReason.values()) {
                assertThat(reasons.get(reason).sum())
                        .as("%s: %s of %s", round, reason, stats)
                        .isEqualTo(stats.batches(reason));
            }
            assertThat(accepted.sum()).as(round).isEqualTo(each ? stats.accepted() : 0);
            assertThat(rejected.sum()).as(round).isEqualTo(stats.rejected());
            assertThat(retried.sum())
                    .as("%s: a job may end before its turn comes again, %s", round, stats)
                    .isGreaterThanOrEqualTo(stats.retries());
            assertThat((double) sizes.sum())
                    .as(round)
                    .isCloseTo(stats.meanBatchSize() * stats.batches(), org.assertj.core.data.Offset.offset(0.5));
            assertThat(over).as(round).isEqualTo(left);
            assertThat(built).as(round).hasValue(1);
            assertThat(closed).as(round).hasValue(1);
            assertThat(wrong).as(round).hasValue(0);
        }
    }

    @Test
    void r5_12_whatListenersAreToldAddsUpToTheBooks() throws Exception {
        for (int seed = 1; seed <= ROUNDS; seed++) {
            round(new Random(seed), "round " + seed);
        }
    }

    private static void round(Random random, String name) throws Exception {
        List<Sums> listeners = new ArrayList<>(List.of(new Sums(false)));
        if (random.nextBoolean()) {
            listeners.add(new Sums(true));
        }
        MicroBatcher<Integer, Integer> batcher = batcher(random, listeners);
        List<Long> seeds = List.of(random.nextLong(), random.nextLong(), random.nextLong());
        List<CompletableFuture<Void>> callers = seeds.stream()
                .map(seed -> CompletableFuture.runAsync(() -> call(batcher, new Random(seed)), threads))
                .toList();
        for (CompletableFuture<Void> caller : random.nextInt(3) == 0 ? callers.subList(0, 1) : callers) {
            caller.get(60, TimeUnit.SECONDS);
        }
        if (random.nextBoolean()) {
            batcher.shutdownNow();
        }
        batcher.close();
        for (CompletableFuture<Void> caller : callers) {
            caller.get(60, TimeUnit.SECONDS);
        }
        for (Sums listener : listeners) {
            org.awaitility.Awaitility.await(name)
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> listener.isQuiet(batcher.stats()));
            listener.check(batcher.stats(), name + (listener.each ? ", each" : ", in bulk"));
        }
    }

    private static MicroBatcher<Integer, Integer> batcher(Random random, List<Sums> listeners) {
        MicroBatcher.Builder<Integer, Integer> builder = MicroBatcher.builder(processor(random, random.nextInt(5)))
                .batchSize(1 + random.nextInt(8))
                .maxConcurrentBatches(1 + random.nextInt(3));
        if (random.nextBoolean()) {
            builder.batchCycle(Duration.ofNanos(random.nextInt(1_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.partitionBy(job -> job % 3);
        }
        if (random.nextInt(3) == 0) {
            builder.coalesceBy(
                    job -> job % 17, random.nextBoolean() ? Coalescing.JOIN_IN_FLIGHT : Coalescing.JOIN_WAITING);
        }
        if (random.nextInt(3) == 0) {
            builder.maxPending(2 + random.nextInt(10));
            builder.overflow(random.nextBoolean() ? OverflowPolicy.REJECT : OverflowPolicy.BLOCK);
        }
        if (random.nextInt(3) == 0) {
            builder.jobTimeout(Duration.ofNanos(1 + random.nextInt(2_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.batchTimeout(Duration.ofNanos(1 + random.nextInt(1_000_000)));
        }
        if (random.nextInt(2) == 0) {
            RetryPolicy policy = RetryPolicy.ofAttempts(1 + random.nextInt(3))
                    .backoff(Duration.ofNanos(1), Duration.ofNanos(1 + random.nextInt(500_000)));
            builder.retry(random.nextBoolean() ? policy.bisect() : random.nextBoolean() ? policy.wholeBatch() : policy);
        }
        int executor = random.nextInt(4);
        if (executor == 0) {
            builder.executor(Runnable::run);
        } else if (executor == 1) {
            AtomicInteger calls = new AtomicInteger();
            builder.executor(task -> {
                if (calls.incrementAndGet() % 3 == 0) {
                    throw new RejectedExecutionException("in a mood");
                }
                threads.execute(task);
            });
        }
        listeners.forEach(builder::listener);
        return builder.build();
    }

    private static void call(MicroBatcher<Integer, Integer> batcher, Random random) {
        for (int i = 0; i < 60; i++) {
            int job = random.nextInt(1000);
            switch (random.nextInt(10)) {
                case 0 -> batcher.submit(job).cancel(false);
                case 1 -> run(batcher, job, Duration.ofNanos(random.nextInt(300_000)));
                case 2 -> batcher.flush();
                case 3 -> {
                    CompletableFuture<Integer> future = batcher.submit(job);
                    LockSupport.parkNanos(random.nextInt(100_000));
                    future.cancel(false);
                }
                default -> batcher.submit(job);
            }
        }
    }

    private static void run(MicroBatcher<Integer, Integer> batcher, int job, Duration timeout) {
        try {
            batcher.run(job, timeout);
        } catch (Exception expected) {
            // told to the listeners, which is what this is about
        }
    }

    private static int spoilt(int job) {
        LockSupport.parkNanos(job % 7 == 0 ? 200_000 : 1);
        if (job % 23 == 0) {
            throw new IllegalStateException("spoilt by " + job);
        }
        return job;
    }

    private static BatchProcessor<Integer, Integer> processor(Random random, int form) {
        long seed = random.nextLong();
        return switch (form) {
            case 0 ->
                jobs -> {
                    List<Integer> results = new ArrayList<>(
                            jobs.stream().map(WatchedBooksTest::spoilt).toList());
                    if (jobs.get(0) % 5 == 0) {
                        results.add(-1);
                    } else if (jobs.get(0) % 5 == 1) {
                        results.remove(0);
                    }
                    return results;
                };
            case 1 ->
                BatchProcessor.<Integer, Integer>async(jobs -> {
                    CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                    if (jobs.get(0) % 11 == 0) {
                        throw new IllegalStateException("no stage");
                    }
                    threads.execute(() -> {
                        try {
                            stage.complete(
                                    jobs.stream().map(WatchedBooksTest::spoilt).toList());
                        } catch (RuntimeException failed) {
                            stage.completeExceptionally(failed);
                        }
                    });
                    return stage;
                });
            case 2 ->
                BatchProcessor.<Integer, Integer>streaming((jobs, answers) -> {
                    Random chance = new Random(seed + jobs.get(0));
                    for (int i = 0; i < jobs.size(); i++) {
                        switch (chance.nextInt(8)) {
                            case 0 -> answers.fail(i, new IllegalStateException("failed alone"));
                            case 1 -> {
                                // no answer
                            }
                            case 2 -> {
                                answers.complete(i, jobs.get(i));
                                answers.complete(i, jobs.get(i));
                            }
                            default -> answers.complete(i, spoilt(jobs.get(i)));
                        }
                    }
                });
            case 3 ->
                BatchProcessor.<Integer, Integer>byKey((List<Integer> jobs) -> {
                    Map<Integer, Integer> results = new java.util.HashMap<>();
                    jobs.forEach(job -> results.put(job % 13 == 0 ? -job - 1 : job, spoilt(job)));
                    return results;
                });
            default -> jobs -> jobs.stream().map(WatchedBooksTest::spoilt).toList();
        };
    }
}
