package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherStats;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.model.RealProcessor.Answer;
import io.microbatcher.model.RealProcessor.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One batcher with any options, some producers, and a close at a random moment, on real threads. */
final class RealRound {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long UNIT_NANOS = 100_000;

    /** Of a batch that timed out or was taken back, the call may begin when others have gone on. */
    private static final Set<JobOutcome> MAY_BEGIN_LATE =
            EnumSet.of(JobOutcome.TIMED_OUT, JobOutcome.CANCELLED, JobOutcome.ABANDONED);

    final SplittableRandom random;
    final Turbulence turbulence;
    final RandomOptions options;
    final RealWatcher watcher;
    final MicroBatcher<Ticket, Answer> batcher;
    final Queue<Ticket> tickets = new ConcurrentLinkedQueue<>();
    final AtomicInteger ids = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();

    /** Whether it ends with a {@code shutdownNow()}. */
    final boolean isAbrupt;

    /** Whether the executor may refuse. */
    final boolean mayRefuse;

    /** Whether the processor runs on threads that nobody else uses, and so in nobody's context. */
    final boolean hasThreadsOfItsOwn;

    private final @Nullable ExecutorService pool;
    private final Queue<Ticket> neverProcessed = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> found = new ConcurrentLinkedQueue<>();

    RealRound(long seed) {
        random = new SplittableRandom(seed);
        turbulence = new Turbulence(seed);
        options = new RandomOptions(random, UNIT_NANOS);
        isAbrupt = random.nextInt(3) == 0;
        watcher = new RealWatcher(this);
        RealProcessor processor = new RealProcessor(this);
        MicroBatcher.Builder<Ticket, Answer> builder =
                options.builder(processor.form(), turbulence::perturb).name("round-" + seed);
        int threads = random.nextInt(8);
        pool = threads < 4 ? Executors.newFixedThreadPool(1 + threads, RealRound::daemon) : null;
        hasThreadsOfItsOwn = threads < 6;
        mayRefuse = threads != 4 && threads != 5 && random.nextInt(4) == 0;
        if (pool != null) {
            builder.executor(surprising(pool));
        } else if (!hasThreadsOfItsOwn) {
            builder.executor(surprising(Runnable::run));
        }
        if (random.nextBoolean()) {
            builder.timer(new RealTimer(turbulence));
        }
        batcher = builder.listener(watcher).build();
    }

    /** An executor that takes its time, and sometimes refuses. */
    private Executor surprising(Executor executor) {
        return task -> {
            turbulence.perturb();
            if (mayRefuse && turbulence.oneIn(10)) {
                throw new RejectedExecutionException("no room today");
            }
            executor.execute(() -> {
                turbulence.perturb();
                task.run();
            });
        };
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    void run() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        int producers = 1 + random.nextInt(4);
        for (int i = 0; i < producers; i++) {
            RealProducer producer = new RealProducer(this, i, 10 + random.nextInt(60), random.split());
            threads.add(daemon(() -> noted(producer)));
        }
        long delay = random.nextLong(40 * UNIT_NANOS);
        if (isAbrupt || random.nextInt(3) == 0) {
            threads.add(daemon(() -> noted(() -> {
                turbulence.delay(delay);
                close();
            })));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(LIMIT.toMillis());
            if (thread.isAlive()) {
                throw new AssertionError("R1.1, R4.4: stuck: " + batcher.stats() + "\n" + whereTheyAre());
            }
        }
        close();
        batcher.close();
        check();
        if (pool != null) {
            pool.shutdown();
            assertThat(pool.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    /** The stacks of all threads that have something to do with batchers. */
    private static String whereTheyAre() {
        StringBuilder stacks = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (Arrays.stream(stack).anyMatch(frame -> frame.getClassName().startsWith("io.microbatcher"))) {
                stacks.append(thread).append('\n');
                Arrays.stream(stack)
                        .forEach(frame -> stacks.append("    ").append(frame).append('\n'));
            }
        });
        return stacks.toString();
    }

    private void close() {
        if (isAbrupt) {
            neverProcessed.addAll(batcher.shutdownNow());
        } else if (turbulence.oneIn(2)) {
            batcher.shutdown().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        } else {
            batcher.close();
        }
    }

    /** Looks at something where an error of the test's would be taken for one of the user's. */
    void noted(Runnable look) {
        try {
            look.run();
        } catch (Throwable wrong) {
            found(wrong);
        }
    }

    void found(Throwable wrong) {
        found.add(wrong);
    }

    /** What holds at any time. */
    void checkBooks() {
        BatcherStats books = batcher.stats();
        assertThat(books.inFlightBatches()).as("R3.1: %s", books).isLessThanOrEqualTo(options.slots);
        assertThat(books.pending()).as("R3.2: %s", books).isLessThanOrEqualTo(options.maxPending);
        assertThat(books.accepted()).as("%s", books).isEqualTo(books.ended() + books.waiting() + books.inFlight());
    }

    private void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(LIMIT)
                .until(condition);
    }

    private void check() {
        assertThat(batcher.stats().pending()).as("R4.1: pending after close").isZero();
        // one whose jobs were all taken back may last longer
        await("R3.4: all slots are free", () -> batcher.stats().inFlightBatches() == 0);
        await("R1.1: everybody is told", () -> tickets.stream().allMatch(Ticket::isTold));
        await("the listener is told of everything: " + this, watcher::isQuiet);
        if (!found.isEmpty()) {
            throw new AssertionError("found on the way: " + found.peek().getMessage(), found.peek());
        }
        BatcherStats books = batcher.stats();
        assertThat(books.waiting() + books.inFlight() + books.toRetry() + books.blocked())
                .as("R3.4: %s", books)
                .isZero();
        assertThat(books.ended()).as("%s", books).isEqualTo(books.accepted());
        watcher.check(books);
        tickets.forEach(Ticket::check);
        checkNeverProcessed();
        checkOrder();
    }

    private void checkNeverProcessed() {
        assertThat(neverProcessed).as("R4.3: returned once").doesNotHaveDuplicates();
        assertThat(neverProcessed)
                .as("R4.3: what shutdownNow returned")
                .noneMatch(Ticket::wasProcessed)
                .allMatch(ticket -> ticket.outcome() == JobOutcome.ABANDONED);
        if (options.coalescing == null || !options.retries()) { // else some were asked for by the job of another
            assertThat(tickets.stream()
                            .filter(ticket -> ticket.outcome() == JobOutcome.ABANDONED && !ticket.wasProcessed()))
                    .as("R4.3: what shutdownNow should have returned")
                    .containsExactlyInAnyOrderElementsOf(neverProcessed);
        }
    }

    /** A job that was handed over past another one, when that was not over: it was handed over afterwards. */
    private void checkOrder() {
        boolean isOrdered = options.isStrict() || (options.slots == 1 && !options.retries());
        if (!isOrdered || options.coalescing != null) {
            return;
        }
        List<Ticket> ordered = tickets.stream()
                .filter(ticket -> ticket.producer != Ticket.NOBODY && ticket.wasProcessed())
                .toList();
        for (Ticket first : ordered) {
            if (options.batchTimeoutNanos == RandomOptions.FOREVER || !MAY_BEGIN_LATE.contains(first.outcome())) {
                for (Ticket second : ordered) {
                    if (second.producer == first.producer
                            && second.id > first.id
                            && (!options.hasKeys || second.key == first.key)) {
                        checkOrder(first, second);
                    }
                }
            }
        }
    }

    private static void checkOrder(Ticket first, Ticket second) {
        int last = first.handedTo.stream().mapToInt(call -> call.number).max().getAsInt();
        for (Call call : second.handedTo) {
            assertThat(first.handedTo.contains(call) || call.number > last)
                    .as("R6.4, R7.4: %s was handed over before %s", second, first)
                    .isTrue();
        }
    }

    @Override
    public String toString() {
        return options + (isAbrupt ? ", abrupt" : "") + (mayRefuse ? ", may refuse" : "")
                + (hasThreadsOfItsOwn ? "" : ", runs in the caller's thread") + "\n" + batcher.stats() + "\n" + watcher;
    }
}
