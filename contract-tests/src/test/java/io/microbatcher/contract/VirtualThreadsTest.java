package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.6: virtual threads may block in a batcher by the thousand. Needs a JVM that has them. */
class VirtualThreadsTest {
    private static final int CALLERS = 10_000;

    @BeforeEach
    void virtualThreadsExist() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
    }

    private static void startVirtual(Runnable task) {
        try {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
    }

    private static void runFromVirtualThreads(MicroBatcher<Integer, Integer> batcher, AtomicInteger right) {
        CountDownLatch done = new CountDownLatch(CALLERS);
        for (int i = 0; i < CALLERS; i++) {
            int job = i;
            startVirtual(() -> {
                try {
                    if (batcher.run(job) == -job) {
                        right.incrementAndGet();
                    }
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                } finally {
                    done.countDown();
                }
            });
        }
        Caller.await(done);
    }

    private static List<Integer> negated(List<Integer> jobs) {
        return jobs.stream().map(n -> -n).toList();
    }

    @Test
    void r5_7_callersOnVirtualThreadsHaveTheirContextsInTheirCallbacks() {
        Set<String> wrong = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(CALLERS);
        try (var batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    for (int i = 0; i < jobs.size(); i++) {
                        Object carried = JobContexts.current().get(i);
                        if (!String.valueOf(jobs.get(i)).equals(carried)) {
                            wrong.add("the batch has " + carried + " for " + jobs.get(i));
                        }
                    }
                    return jobs;
                })
                .context(new ThreadContext())
                .build()) {
            for (int i = 0; i < CALLERS; i++) {
                int job = i;
                startVirtual(() -> {
                    ThreadContext.set(String.valueOf(job));
                    batcher.submit(job).whenComplete((result, failure) -> {
                        if (!String.valueOf(job).equals(ThreadContext.here())) {
                            wrong.add("the callback has " + ThreadContext.here() + " for " + job);
                        }
                        done.countDown();
                    });
                });
            }
            Caller.await(done);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void r5_6_tenThousandBlockedCallersAreServed() {
        AtomicInteger right = new AtomicInteger();
        try (var batcher = MicroBatcher.builder(VirtualThreadsTest::negated)
                .batchSize(CALLERS) // all of them block at the same time
                .batchCycle(Duration.ofDays(1))
                .build()) {
            runFromVirtualThreads(batcher, right);
            assertThat(batcher.stats().batches()).isEqualTo(1);
        }
        assertThat(right).hasValue(CALLERS);
    }

    @Test
    void r5_6_tenThousandCallersThatWaitForRoomAreServed() {
        AtomicInteger right = new AtomicInteger();
        try (var batcher = MicroBatcher.builder(VirtualThreadsTest::negated)
                .batchSize(50)
                .batchCycle(Duration.ofMillis(1))
                .maxPending(100)
                .maxConcurrentBatches(2)
                .build()) {
            runFromVirtualThreads(batcher, right);
            assertThat(batcher.stats().rejected()).isZero();
        }
        assertThat(right).hasValue(CALLERS);
    }

    @Test
    void r5_6_theProcessorRunsOnAVirtualThreadByDefault() throws Exception {
        Set<Boolean> kinds = ConcurrentHashMap.newKeySet();
        try (var batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    kinds.add(isVirtual(Thread.currentThread()));
                    return jobs;
                })
                .batchSize(1)
                .build()) {
            batcher.run(1);
        }
        assertThat(kinds).containsExactly(true);
    }

    @Test
    void r5_6_nobodyPinsItsCarrier(@TempDir Path folder) throws Exception {
        AtomicInteger right = new AtomicInteger();
        // once without looking: classes are loaded, and loading one pins
        work(right);
        Path file = folder.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
            recording.enable("io.microbatcher.Batch");
            recording.start();
            work(right);
            recording.stop();
            recording.dump(file);
        }
        assertThat(right).hasValue(2 * CALLERS);
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events)
                .as("the recording sees the batches")
                .anyMatch(event -> event.getEventType().getName().equals("io.microbatcher.Batch"));
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
                .filteredOn(VirtualThreadsTest::isInTheLibrary)
                .isEmpty();
    }

    private static void work(AtomicInteger right) {
        try (var batcher = MicroBatcher.builder(VirtualThreadsTest::negated)
                .batchSize(20)
                .batchCycle(Duration.ofNanos(100_000))
                .maxPending(60)
                .maxConcurrentBatches(2)
                .build()) {
            runFromVirtualThreads(batcher, right);
        }
    }

    private static boolean isInTheLibrary(RecordedEvent pinned) {
        return pinned.getStackTrace() == null
                || pinned.getStackTrace().getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName())
                        .anyMatch(type ->
                                type.startsWith("io.microbatcher.") && !type.startsWith("io.microbatcher.contract."));
    }

    @Test
    void r5_6_aVirtualThreadMayClose() {
        AtomicInteger closed = new AtomicInteger();
        var batcher = MicroBatcher.builder(VirtualThreadsTest::negated)
                .batchCycle(Duration.ofDays(1))
                .build();
        var future = batcher.submit(1);
        startVirtual(() -> {
            batcher.close();
            closed.incrementAndGet();
        });
        await().atMost(Caller.PATIENCE).until(() -> closed.get() == 1);
        assertThat(future).isCompletedWithValue(-1);
    }
}
