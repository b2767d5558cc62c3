package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.Timer;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who interrupts a batch does so before others are told anything, and the flag is the processor's alone. */
@Timeout(60)
class InterruptedBatchesTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void r4_4_aCallbackOfAnAbandonedJobMayWaitForOneInFlight() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    begun.countDown();
                    boolean open = false;
                    while (!open) {
                        try {
                            gate.await();
                            open = true;
                        } catch (InterruptedException goOn) {
                            // does not heed it
                        }
                    }
                    return jobs;
                })
                .batchSize(1)
                .maxConcurrentBatches(1)
                .build();
        CompletableFuture<String> inFlight = batcher.submit("in flight");
        begun.await();
        CompletableFuture<String> seen = batcher.submit("waits").handle((nothing, failure) -> {
            gate.countDown();
            try {
                return inFlight.get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                return e.toString();
            }
        });
        batcher.shutdownNow();
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo("in flight");
    }

    @Test
    void r1_9_anInterruptThatMeetsABatchInACallbackIsForTheBatchAroundItToo() {
        List<Boolean> outer = new CopyOnWriteArrayList<>();
        var batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    if (jobs.contains("inner")) {
                        time.advance(Duration.ofMillis(30)); // the time of the batch around this one is over
                        if (Thread.interrupted()) { // heeds the interrupt, and so takes it
                            throw new InterruptedException("inner");
                        }
                    } else {
                        time.advance(Duration.ofMillis(30));
                        answers.complete(0, "outer");
                        outer.add(Thread.currentThread().isInterrupted());
                    }
                }))
                .batchCycle(Duration.ofDays(1))
                .maxConcurrentBatches(2)
                .batchTimeout(Duration.ofMillis(50))
                .timer(time)
                .executor(Runnable::run)
                .build();
        batcher.submit("outer").thenRun(() -> {
            batcher.submit("inner");
            batcher.flush();
        });
        batcher.flush();
        assertThat(outer).containsExactly(true);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r1_9_callbacksOfATimedOutBatchOnItsOwnThreadSeeNoFlag() throws Exception {
        List<Boolean> inCallback = new CopyOnWriteArrayList<>();
        List<Boolean> inProcessor = new CopyOnWriteArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        CountDownLatch hung = new CountDownLatch(1);
        var batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    hung.await();
                    time.advance(Duration.ofMillis(60)); // as if it came too late
                    answers.complete(0, "late");
                    inProcessor.add(Thread.currentThread().isInterrupted());
                }))
                .batchSize(1)
                .batchTimeout(Duration.ofMillis(50))
                .timer(time)
                .executor(threads)
                .build();
        var ended = batcher.submit("a").handle((r, f) -> {
            inCallback.add(Thread.currentThread().isInterrupted());
            return 0;
        });
        hung.countDown();
        ended.get(30, TimeUnit.SECONDS);
        threads.shutdown();
        threads.awaitTermination(30, TimeUnit.SECONDS);
        assertThat(inCallback).containsExactly(false);
        assertThat(inProcessor).containsExactly(true);
    }

    /** The predicate is asked when the batch times out; another job ends in the section in which the thread comes back. */
    @Test
    void r1_9_callbacksOnAThreadThatWasInterruptedForItsBatchSeeNoFlag() throws Exception {
        List<Boolean> inCallback = new CopyOnWriteArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        VirtualTime own = new VirtualTime();
        AtomicBoolean jump = new AtomicBoolean();
        Timer clock = new Timer() {
            @Override
            public long nanos() {
                return own.nanos() + (jump.get() ? 1_000_000_000L : 0);
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                own.schedule(atNanos, task);
            }
        };
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicReference<Thread> worker = new AtomicReference<>();
        MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> {
                    worker.set(Thread.currentThread());
                    throw new IllegalStateException();
                })
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .maxConcurrentBatches(1)
                .batchTimeout(Duration.ofMillis(50))
                .jobTimeout(Duration.ofMillis(500))
                .retry(RetryPolicy.ofAttempts(2).when(failure -> {
                    asked.countDown();
                    boolean waits = true;
                    while (waits) {
                        try {
                            if (interrupted.get()) {
                                Thread.interrupted();
                            }
                            goOn.await();
                            waits = false;
                        } catch (InterruptedException noted) {
                            Thread.currentThread().interrupt();
                            interrupted.set(true);
                        }
                    }
                    if (interrupted.get()) {
                        Thread.currentThread().interrupt();
                    }
                    return true;
                }))
                .partitionBy(job -> "key")
                .maxConcurrentBatchesPerKey(1)
                .timer(clock)
                .executor(threads)
                .build();
        batcher.submit("a");
        batcher.flush();
        asked.await();
        AtomicReference<Thread> told = new AtomicReference<>();
        var ended = batcher.submit("b").handle((r, f) -> {
            told.set(Thread.currentThread());
            inCallback.add(Thread.currentThread().isInterrupted());
            return 0;
        });
        own.advance(Duration.ofMillis(50)); // interrupts the predicate, and has done so when this returns
        jump.set(true); // the time of the other job goes by
        goOn.countDown();
        ended.get(30, TimeUnit.SECONDS);
        assertThat(told.get()).as("on the worker").isSameAs(worker.get());
        assertThat(inCallback).containsExactly(false);
        threads.shutdown();
    }

    @Test
    void r1_9_aThreadThatCannotBeInterruptedIsNotWaitedForAndGoesOnItself() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    begun.countDown();
                    gate.await();
                    return jobs;
                })
                .batchSize(1)
                .batchTimeout(Duration.ofMillis(50))
                .timer(time)
                .executor(task -> {
                    Thread thread = new ThreadOfItsOwnWill(task);
                    threads.add(thread);
                    thread.start();
                })
                .build();
        try (RecordedLog log = new RecordedLog()) {
            CompletableFuture<String> hung = batcher.submit("hung");
            begun.await();
            time.advance(Duration.ofMillis(50));
            assertThat(Caller.failureOf(hung)).isInstanceOf(JobFailedException.class);
            gate.countDown();
            assertThat(Caller.resultOf(batcher.submit("next"))).isEqualTo("next");
            Caller.resultOf(batcher.shutdown());
            for (Thread thread : threads) {
                thread.join(Caller.PATIENCE.toMillis());
                assertThat(thread.isAlive()).isFalse();
            }
            assertThat(log.warnings())
                    .singleElement()
                    .satisfies(logged -> assertThat(logged.getMessage()).startsWith("could not interrupt"));
        }
    }

    /** One is stopped twice, by the end of the batcher and by its own time: who stops it then may be a runner, too. */
    @Test
    void r1_1_twoRunnersDoNotWaitForEachOthersInterrupts() throws Exception {
        AtomicLong now = new AtomicLong(1);
        Timer clock = new Timer() {
            @Override
            public long nanos() {
                return now.get();
            }

            @Override
            public void schedule(long atNanos, Runnable task) {} // nobody comes but the runners
        };
        Map<String, CountDownLatch> gates = Map.of("first", new CountDownLatch(1), "second", new CountDownLatch(1));
        Map<String, Thread> runners = new ConcurrentHashMap<>();
        CountDownLatch interrupting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    runners.put(jobs.get(0), Thread.currentThread());
                    awaitWhateverComes(gates.get(jobs.get(0)));
                    return jobs;
                })
                .batchSize(1)
                .maxConcurrentBatches(2)
                .batchTimeout(Duration.ofNanos(50))
                .timer(clock)
                .executor(task -> new Thread(task) {
                    @Override
                    public void interrupt() {
                        if (this == runners.get("second") && interrupting.getCount() > 0) {
                            interrupting.countDown();
                            awaitWhateverComes(goOn);
                        }
                        super.interrupt();
                    }
                }.start())
                .build();
        CompletableFuture<String> first = batcher.submit("first");
        await().atMost(Caller.PATIENCE).until(() -> runners.containsKey("first"));
        now.set(11);
        CompletableFuture<String> second = batcher.submit("second");
        await().atMost(Caller.PATIENCE).until(() -> runners.containsKey("second"));
        CompletableFuture<Void> stopped = Caller.elsewhere(batcher::shutdownNow);
        interrupting.await();
        now.set(55); // the first is overdue
        gates.get("second").countDown(); // its runner finds that out, and waits to be interrupted
        await().atMost(Caller.PATIENCE).until(() -> isIn("letGo", runners.get("second")));
        now.set(65); // the second is overdue as well
        gates.get("first").countDown(); // its runner finds that out, and may wait for that of the second
        await().atMost(Caller.PATIENCE)
                .until(() -> !runners.get("first").isAlive() || isIn("letGo", runners.get("first")));
        goOn.countDown();
        Caller.resultOf(stopped);
        Caller.awaitEnd(first);
        Caller.awaitEnd(second);
        Caller.resultOf(batcher.shutdown());
    }

    private static boolean isIn(String method, Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException goOn) {
                // does not heed it
            }
        }
    }

    /** Neither lets itself be interrupted nor says what it is called. */
    private static final class ThreadOfItsOwnWill extends Thread {
        ThreadOfItsOwnWill(Runnable task) {
            super(task);
            setDaemon(true);
        }

        @Override
        public void interrupt() {
            throw new SecurityException("nobody interrupts me");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("nobody asks me");
        }
    }

    /** The clock goes on while the thread of a batch that has timed out is interrupted. */
    @Test
    void r4_4_callbacksOfADeadlineThatPassesMeanwhileComeAfterTheWorkersOfTheFirst() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        AtomicLong jump = new AtomicLong();
        Timer clock = new Timer() {
            @Override
            public long nanos() {
                return time.nanos() + jump.get();
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                time.schedule(atNanos, task);
            }
        };
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    begun.countDown();
                    while (gate.getCount() > 0) {
                        try {
                            gate.await();
                        } catch (InterruptedException goOn) {
                            // does not heed it: else its thread would be there as well
                        }
                    }
                    return jobs;
                })
                .batchSize(1)
                .maxConcurrentBatches(1)
                .batchTimeout(Duration.ofMillis(50))
                .jobTimeout(Duration.ofMillis(100))
                .timer(clock)
                .executor(task -> {
                    events.add("worker");
                    if (events.size() == 1) {
                        new Thread(task) {
                            @Override
                            public void interrupt() {
                                jump.set(60_000_000);
                                super.interrupt();
                            }
                        }.start();
                    }
                })
                .build();
        batcher.submit("hangs");
        begun.await();
        batcher.submit("waits").whenComplete((nothing, failure) -> events.add("waits until its deadline"));
        time.advance(Duration.ofMillis(50));
        gate.countDown();
        assertThat(events).containsExactly("worker", "worker", "waits until its deadline");
    }
}
