package io.microbatcher.micrometer;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/** A batcher in whose traffic everything has happened that a meter counts, and which still has jobs. */
final class Traffic {
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor workers = new ManualExecutor();

    private Traffic() {}

    static void through(MeterRegistry registry) {
        Traffic traffic = new Traffic();
        traffic.abandon(traffic.builder(registry).build());
        traffic.run(traffic.builder(registry).build());
    }

    private MicroBatcher.Builder<String, String> builder(MeterRegistry registry) {
        return MicroBatcher.builder(BatchProcessor.<String, String>streaming(Traffic::process))
                .name("orders")
                .batchSize(3)
                .batchCycle(Duration.ofMillis(10))
                .maxPending(5)
                .maxBatchWeight(10, job -> job.equals("heavy") ? -1 : 1)
                .overflow(OverflowPolicy.REJECT)
                .retry(RetryPolicy.ofAttempts(2).backoff(Duration.ZERO, Duration.ZERO))
                .jobTimeout(Duration.ofMillis(500))
                .timer(time)
                .executor(workers)
                .listener(new BatcherMeters(registry));
    }

    private static void process(List<String> jobs, BatchProcessor.Answers<String> answers) {
        if (jobs.contains("worst")) {
            throw new IllegalStateException("worst");
        }
        for (int i = 0; i < jobs.size(); i++) {
            switch (jobs.get(i)) {
                case "good" -> answers.complete(i, "fine");
                case "bad" -> answers.fail(i, new IllegalStateException("bad"));
                default -> {}
            }
        }
        answers.complete(jobs.size(), "for nobody");
    }

    private void abandon(MicroBatcher<String, String> batcher) {
        batcher.submit("left");
        batcher.shutdownNow();
        batcher.submit("too late");
    }

    private void run(MicroBatcher<String, String> batcher) {
        batcher.submit("cancelled").cancel(false);
        List.of("good", "bad", "silent").forEach(batcher::submit);
        settle();
        batcher.submit("worst");
        settle();
        List.of("late", "late", "late", "late", "late", "too many", "heavy").forEach(batcher::submit);
        time.advance(Duration.ofMillis(500));
        settle();
        batcher.submit("good");
        settle();
        batcher.submit("pending");
    }

    private void settle() {
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofMillis(10));
            workers.runAll();
        }
    }
}
