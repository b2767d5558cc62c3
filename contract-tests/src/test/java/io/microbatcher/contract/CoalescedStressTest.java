package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherStats;
import io.microbatcher.Coalescing;
import io.microbatcher.ContextCarrier;
import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * R8 on real threads, beside all that may happen to a job otherwise: each caller has the answer to its own question, and
 * with {@code JOIN_WAITING} none that was read before it asked.
 */
@Timeout(120)
class CoalescedStressTest {
    private static final int STEPS = 600;
    private static final int KEYS = 6;

    private final AtomicLong version = new AtomicLong();
    private final ThreadLocal<Long> carried = new ThreadLocal<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<?>> all = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService late = Executors.newScheduledThreadPool(1);

    /** A question, and what had been written when it was asked. */
    private record Question(int key, int weight, long version) {}

    private record Answer(int key, long version) {}

    @AfterEach
    void nobodyIsLate() {
        late.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "JOIN_WAITING, BLOCK, alone",
        "JOIN_WAITING, REJECT, wholeBatch",
        "JOIN_WAITING, BLOCK, bisect",
        "JOIN_IN_FLIGHT, REJECT, alone",
        "JOIN_IN_FLIGHT, BLOCK, wholeBatch",
        "JOIN_IN_FLIGHT, REJECT, bisect"
    })
    void r8_5_everyCallerIsAnsweredOnceWhateverElseHappens(
            Coalescing coalescing, OverflowPolicy overflow, String company) {
        MicroBatcher<Question, Answer> batcher = MicroBatcher.builder(
                        BatchProcessor.<Question, Answer>streaming(this::process))
                .batchSize(4)
                .batchCycle(Duration.ofNanos(300_000))
                .maxBatchWeight(10, Question::weight)
                .maxConcurrentBatches(3)
                .maxPending(12)
                .overflow(overflow)
                .partitionBy(question -> question.key() % 2)
                .maxConcurrentBatchesPerKey(1)
                .coalesceBy(Question::key, coalescing)
                .jobTimeout(Duration.ofMillis(20))
                .batchTimeout(Duration.ofMillis(3))
                .retry(policy(company))
                .context(carrier())
                .build();
        boolean fresh = coalescing == Coalescing.JOIN_WAITING;
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        callers.add(Caller.elsewhere(() -> submit(batcher, fresh, new SplittableRandom(1))));
        callers.add(Caller.elsewhere(() -> submit(batcher, fresh, new SplittableRandom(2))));
        callers.add(Caller.elsewhere(() -> run(batcher, fresh, new SplittableRandom(3))));
        callers.add(Caller.elsewhere(() -> takeFromAChannel(batcher, fresh)));
        callers.forEach(Caller::resultOf);
        Caller.resultOf(batcher.shutdown());
        all.forEach(Caller::awaitEnd);
        assertThat(violations).isEmpty();
        BatcherStats stats = batcher.stats();
        assertThat(stats.ended()).isEqualTo(stats.accepted());
        assertThat(List.of(stats.pending(), stats.waiting(), stats.toRetry(), stats.inFlight(), stats.blocked()))
                .as(stats.toString())
                .containsOnly(0);
    }

    private static RetryPolicy policy(String company) {
        RetryPolicy policy = RetryPolicy.ofAttempts(3).backoff(Duration.ofNanos(50_000), Duration.ofMillis(1));
        return switch (company) {
            case "wholeBatch" -> policy.wholeBatch();
            case "bisect" -> policy.bisect();
            default -> policy;
        };
    }

    private ContextCarrier<Long> carrier() {
        return new ContextCarrier<>() {
            @Override
            public Long capture() {
                return carried.get();
            }

            @Override
            public Scope restore(Long captured) {
                Long before = carried.get();
                carried.set(captured);
                return () -> carried.set(before);
            }
        };
    }

    private void process(List<Question> questions, BatchProcessor.Answers<Answer> answers) throws InterruptedException {
        long now = version.get();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < questions.size(); i++) {
            int position = i;
            Question question = questions.get(i);
            if (!Long.valueOf(question.version()).equals(JobContexts.current().get(i))) {
                violations.add("the context of another than " + question);
            }
            Answer answer = new Answer(question.key(), now);
            switch (random.nextInt(40)) {
                case 0 -> throw new IllegalStateException("all that are left");
                case 1, 2 -> answers.fail(position, new IllegalArgumentException("alone"));
                case 3 -> late.execute(() -> answers.complete(position, answer));
                case 4 -> late.execute(() -> answers.fail(position, new IllegalArgumentException("late")));
                case 5 -> {
                    answers.complete(position, answer);
                    answers.complete(position, new Answer(-1, -1));
                }
                default -> answers.complete(position, answer);
            }
        }
        if (random.nextInt(60) == 0) {
            new CountDownLatch(1).await(); // until it is interrupted
        }
    }

    private Question question(SplittableRandom random) {
        Question question = new Question(random.nextInt(KEYS), random.nextInt(6), version.incrementAndGet());
        carried.set(question.version());
        return question;
    }

    private void look(Question question, Answer answer, boolean fresh) {
        if (answer.key() != question.key() || (fresh && answer.version() < question.version())) {
            violations.add(question + " was answered with " + answer);
        }
    }

    /** Whoever is rejected is done with his steps soon: there is nothing to look at before the batcher met what it is here for. */
    private static boolean met(BatcherStats stats) {
        return stats.coalesced() > 0 && stats.retries() > 0;
    }

    private void submit(MicroBatcher<Question, Answer> batcher, boolean fresh, SplittableRandom random) {
        for (int i = 0; i < STEPS || !met(batcher.stats()); i++) {
            Question question = question(random);
            CompletableFuture<Answer> future = batcher.submit(question);
            all.add(future);
            int then = random.nextInt(30);
            future.thenAccept(answer -> {
                look(question, answer, fresh);
                if (then == 0) {
                    all.add(batcher.drain());
                } else if (then == 1) {
                    all.add(batcher.submit(question(new SplittableRandom(question.version()))));
                }
            });
            if (random.nextInt(8) == 0) {
                future.cancel(false);
            }
        }
    }

    private void run(MicroBatcher<Question, Answer> batcher, boolean fresh, SplittableRandom random) {
        for (int i = 0; i < STEPS / 2; i++) {
            Question question = question(random);
            if (random.nextInt(10) == 0) {
                Thread.currentThread().interrupt();
            }
            try {
                look(question, batcher.run(question, Duration.ofNanos(random.nextInt(3_000_000))), fresh);
            } catch (InterruptedException | TimeoutException | RuntimeException ended) {
                // in one of the ways that it may
            } finally {
                Thread.interrupted();
            }
        }
    }

    private void takeFromAChannel(MicroBatcher<Question, Answer> batcher, boolean fresh) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(4);
        try (ResultChannel<Question, Answer> channel = batcher.openChannel(4)) {
            int open = 0;
            for (int i = 0; i < STEPS; i++) {
                open += channel.trySubmit(question(random)) ? 1 : 0;
                for (var result = channel.poll(); result != null; result = channel.poll()) {
                    open -= looked(result, fresh);
                }
            }
            while (open > 0) {
                open -= looked(channel.poll(Caller.PATIENCE), fresh);
            }
        }
    }

    private int looked(ResultChannel.Result<Question, Answer> result, boolean fresh) {
        if (result == null) {
            throw new AssertionError("a job of a channel is lost");
        }
        if (result.succeeded()) {
            look(result.job(), result.value(), fresh);
        }
        return 1;
    }
}
