package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.Job;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.Timer;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R5.1, R5.2 and R5.3: what the user's code may rely on while the batcher calls it. */
class ForeignCodeTest {

    /** Uses the batcher from another thread, once in each place, and waits for that: a lock held here would show. */
    private static final class Visitor {
        private final AtomicReference<MicroBatcher<Job<String>, String>> batcher = new AtomicReference<>();
        private final Set<String> visited = ConcurrentHashMap.newKeySet();
        private final List<Throwable> stuck = new CopyOnWriteArrayList<>();

        void at(String place) {
            var to = batcher.get();
            if (to != null && visited.add(place)) {
                try {
                    Caller.doElsewhere(() -> {
                        to.submit(new Job<>("visit-" + place, "visit"));
                        assertThat(to.stats().pending()).isNotNegative();
                        to.flush();
                        to.drain();
                        to.submit(new Job<>("gone", "gone")).cancel(true);
                    });
                } catch (Throwable locked) {
                    stuck.add(new AssertionError("in " + place, locked));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_1_noUserCodeRunsUnderALock(ProcessorForm form) {
        Visitor visitor = new Visitor();
        VirtualTime time = new VirtualTime();
        var batcher = MicroBatcher.builder(form.of(jobs -> {
                    visitor.at("processor");
                    List<String> results =
                            new ArrayList<>(jobs.stream().map(Job::param).toList());
                    if (results.contains("bad")) {
                        throw new IllegalStateException("bad");
                    }
                    results.add("stray");
                    return results;
                }))
                .batchSize(2)
                .batchCycle(Duration.ofMillis(10))
                .maxBatchWeight(50, job -> {
                    visitor.at("weigher");
                    if (job.param().equals("unweighable")) {
                        throw new IllegalStateException("unweighable");
                    }
                    return 1;
                })
                .maxPending(1_000)
                .maxPendingWeight(1_000)
                .jobTimeout(Duration.ofMillis(20))
                .timer(new Timer() {
                    @Override
                    public long nanos() {
                        visitor.at("nanos");
                        return time.nanos();
                    }

                    @Override
                    public void schedule(long atNanos, Runnable task) {
                        visitor.at("schedule");
                        time.schedule(atNanos, task);
                    }
                })
                .executor(task -> {
                    visitor.at("executor");
                    task.run();
                })
                .listener(new VisitingListener(visitor))
                .context(new ThreadContext(hook -> visitor.at(hook.toString())))
                .build();
        visitor.batcher.set(batcher);
        ThreadContext.set("caller");
        var callback = batcher.submit(new Job<>("a", "a")).thenRun(() -> visitor.at("callback"));
        batcher.submit(new Job<>("b", "b"));
        batcher.submit(new Job<>("bad", "bad"));
        batcher.submit(new Job<>("worse", "bad"));
        batcher.submit(new Job<>("x", "unweighable"));
        resultOf(callback);
        time.advance(Duration.ofMillis(1));
        var cancelled = batcher.submit(new Job<>("c", "c"));
        cancelled.whenComplete((result, failure) -> visitor.at("cancel callback"));
        cancelled.cancel(true);
        time.advance(Duration.ofMillis(30));
        ThreadContext.set(null);
        Caller.doElsewhere(batcher::close);
        List<String> everywhere = new ArrayList<>(List.of(
                "processor",
                "weigher",
                "nanos",
                "schedule",
                "executor",
                "callback",
                "cancel callback",
                "CAPTURE",
                "RESTORE",
                "CLOSE",
                "accepted",
                "rejected",
                "dispatched",
                "completed",
                "failed",
                "ended"));
        if (form != ProcessorForm.SINK) {
            everywhere.add("unmatched");
        }
        // a batch whose jobs have all timed out may end after the close
        await().atMost(Caller.PATIENCE)
                .untilAsserted(() -> assertThat(visitor.visited).containsAll(everywhere));
        assertThat(visitor.stuck).isEmpty();
    }

    @Test
    void r5_1_theKeyFunctionRunsUnderNoLock() {
        Visitor visitor = new Visitor();
        MicroBatcher<Job<String>, String> batcher = MicroBatcher.builder(BatchProcessor.byKey(
                        (Job<String> job) -> {
                            visitor.at("key");
                            return job.id();
                        },
                        (List<Job<String>> jobs) -> java.util.Map.of((Object) "a", "A")))
                .batchSize(1)
                .executor(Runnable::run)
                .build();
        visitor.batcher.set(batcher);
        assertThat(resultOf(batcher.submit(new Job<>("a", "a")))).isEqualTo("A");
        assertThat(visitor.visited).contains("key");
        assertThat(visitor.stuck).isEmpty();
    }

    @Test
    void r5_1_callbacksOfADeadlineAndOfAnAbandonedJobRunUnderNoLock() {
        Visitor visitor = new Visitor();
        VirtualTime time = new VirtualTime();
        MicroBatcher<Job<String>, String> batcher = MicroBatcher.builder(ProcessorForm.POSITION.of(
                        jobs -> jobs.stream().map(Job::param).toList()))
                .batchSize(1_000)
                .batchCycle(Duration.ofDays(1))
                .jobTimeout(Duration.ofMillis(20))
                .timer(time)
                .executor(Runnable::run)
                .build();
        visitor.batcher.set(batcher);
        var late = batcher.submit(new Job<>("late", "late")).handle((result, failure) -> {
            visitor.at("deadline callback");
            return failure;
        });
        time.advance(Duration.ofMillis(20));
        batcher.submit(new Job<>("abandoned", "abandoned")).whenComplete((result, failure) -> visitor.at("abandoned"));
        batcher.shutdownNow();
        assertThat(late).isDone();
        assertThat(visitor.visited).contains("deadline callback", "abandoned");
        assertThat(visitor.stuck).isEmpty();
    }

    /** Notes which threads call its methods. */
    private record NotingKey(Set<String> threads) {
        @Override
        public int hashCode() {
            threads.add(Thread.currentThread().getName());
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    @Test
    void r5_1_noMethodOfAKeyRunsOnTheTimersThread() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        NotingKey key = new NotingKey(threads);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> jobs)
                .batchSize(10)
                .batchCycle(Duration.ofDays(1))
                .partitionBy(job -> key)
                .jobTimeout(Duration.ofMillis(1))
                .build();
        for (int i = 0; i < 20; i++) {
            Caller.awaitEnd(batcher.submit("late")); // with it its lane has vanished
        }
        Caller.doElsewhere(batcher::close);
        assertThat(threads).isNotEmpty().doesNotContain("microbatcher-timer");
    }

    private record VisitingListener(Visitor visitor) implements BatchListener {
        @Override
        public void accepted(Object job) {
            visitor.at("accepted");
        }

        @Override
        public void rejected(Object job, RuntimeException why) {
            visitor.at("rejected");
        }

        @Override
        public void dispatched(BatchInfo batch) {
            visitor.at("dispatched");
        }

        @Override
        public void completed(BatchInfo batch, long nanos, int failedJobs) {
            visitor.at("completed");
        }

        @Override
        public void failed(BatchInfo batch, long nanos, Throwable cause) {
            visitor.at("failed");
        }

        @Override
        public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
            visitor.at("ended");
        }

        @Override
        public void unmatched(BatchInfo batch, Object result) {
            visitor.at("unmatched");
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_2_theProcessorMayKeepItsListAndItNeverChanges(ProcessorForm form) {
        List<List<Job<String>>> kept = new CopyOnWriteArrayList<>();
        var batcher = MicroBatcher.builder(form.of(jobs -> {
                    kept.add(jobs);
                    return jobs.stream().map(Job::param).toList();
                }))
                .batchSize(2)
                .build();
        for (int i = 0; i < 10; i++) {
            var one = batcher.submit(new Job<>(i, "one-" + i));
            var cancelled = batcher.submit(new Job<>(i, "two-" + i));
            cancelled.cancel(true);
            Caller.awaitEnd(one);
        }
        batcher.close();
        List<List<Job<String>>> before = kept.stream().map(List::copyOf).toList();
        kept.get(0).clear(); // it is the processor's own
        kept.get(1).add(new Job<>("more", "more"));
        assertThat(kept.subList(2, kept.size())).isEqualTo(before.subList(2, before.size()));
        assertThat(before.stream()
                        .flatMap(List::stream)
                        .filter(job -> job.param().startsWith("one"))
                        .count())
                .isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void r5_2_aProcessorThatEmptiesItsListStillAnswersEveryJob(ProcessorForm form) {
        var batcher = MicroBatcher.builder(form.of(jobs -> {
                    List<String> results = jobs.stream().map(Job::param).toList();
                    jobs.clear();
                    return results;
                }))
                .batchSize(3)
                .batchCycle(Duration.ofDays(1))
                .build();
        List<CompletableFuture<String>> futures = IntStream.range(0, 3)
                .mapToObj(i -> batcher.submit(new Job<>(i, "" + i)))
                .toList();
        for (int i = 0; i < 3; i++) {
            assertThat(resultOf(futures.get(i))).isEqualTo(form == ProcessorForm.SINK ? null : "" + i);
        }
    }

    /** Fields without any synchronisation of their own. */
    private static final class Box {
        private int question;
        private int answer;
    }

    @ParameterizedTest
    @EnumSource(names = {"LIBRARY", "TWO_THREADS", "SINGLE_THREAD"})
    void r5_3_plainFieldsAreSeenOnBothWays(Threading threading) {
        try (var running = threading.open()) {
            List<Integer> unseen = new CopyOnWriteArrayList<>();
            var batcher = running.applyTo(MicroBatcher.builder((List<Box> jobs) -> {
                                for (Box box : jobs) {
                                    if (box.question == 0) {
                                        unseen.add(-1);
                                    }
                                    box.answer = -box.question;
                                }
                                return jobs;
                            })
                            .batchSize(3)
                            .batchCycle(Duration.ofNanos(20_000))
                            .maxConcurrentBatches(2))
                    .build();
            List<CompletableFuture<Void>> callers = IntStream.range(0, 3)
                    .mapToObj(caller -> Caller.elsewhere(() -> {
                        for (int i = 1; i <= 3_000; i++) {
                            Box box = new Box();
                            box.question = i;
                            switch (caller) {
                                case 0 -> batcher.run(box);
                                case 1 -> batcher.submit(box).get();
                                default -> {
                                    var future = batcher.submit(box);
                                    while (!future.isDone()) {
                                        Thread.onSpinWait();
                                    }
                                }
                            }
                            if (box.answer != -i) {
                                unseen.add(i);
                            }
                        }
                    }))
                    .toList();
            callers.forEach(Caller::resultOf);
            assertThat(unseen).isEmpty();
        }
    }

    @Test
    void r5_3_aChannelCarriesPlainFieldsToo() throws Exception {
        var batcher = MicroBatcher.builder((List<Box> jobs) -> {
                    jobs.forEach(box -> box.answer = -box.question);
                    return jobs;
                })
                .batchSize(4)
                .batchCycle(Duration.ofNanos(20_000))
                .build();
        var channel = batcher.openChannel(50);
        var submitting = Caller.elsewhere(() -> {
            for (int i = 1; i <= 5_000; i++) {
                Box box = new Box();
                box.question = i;
                channel.submit(box);
            }
            channel.halfClose();
        });
        int taken = 0;
        for (var result : channel) {
            assertThat(result.job().answer).isEqualTo(-result.job().question);
            taken++;
        }
        resultOf(submitting);
        assertThat(taken).isEqualTo(5_000);
    }
}
