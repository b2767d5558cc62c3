package io.microbatcher.contract;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Batches of strings on virtual time, with a note of each one that reached the processor. A job is answered with itself
 * and an exclamation mark. Where weight counts, it is what follows the colon: {@code "a:5"}.
 */
final class BatchesFixture implements BatchListener {
    static final Duration CYCLE = Duration.ofMillis(10);
    static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    final VirtualTime time = new VirtualTime();
    final ManualExecutor workers = new ManualExecutor();
    final List<List<String>> sent = new CopyOnWriteArrayList<>();
    final List<BatchInfo> infos = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<List<String>>> stages = new CopyOnWriteArrayList<>();

    /** Batches are processed in the call that makes them leave. */
    MicroBatcher.Builder<String, String> atOnce() {
        return configured(this::process).executor(Runnable::run);
    }

    /** Workers arrive when the test runs {@link #workers}. */
    MicroBatcher.Builder<String, String> onDemand() {
        return configured(this::process).executor(workers);
    }

    /** Batches leave at once and keep their slot until the test says {@link #finish} or {@link #fail}. */
    MicroBatcher.Builder<String, String> held() {
        return configured(BatchProcessor.<String, String>async(jobs -> {
                    note(jobs);
                    CompletableFuture<List<String>> stage = new CompletableFuture<>();
                    stages.add(stage);
                    return stage;
                }))
                .executor(Runnable::run);
    }

    private MicroBatcher.Builder<String, String> configured(BatchProcessor<String, String> processor) {
        return MicroBatcher.builder(processor).batchCycle(CYCLE).timer(time).listener(this);
    }

    /** Answers the held batch with this index, counted from 0. */
    void finish(int index) {
        stages.get(index).complete(answers(sent.get(index)));
    }

    void fail(int index, Throwable cause) {
        stages.get(index).completeExceptionally(cause);
    }

    void advanceMillis(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    List<DispatchReason> reasons() {
        return infos.stream().map(BatchInfo::reason).toList();
    }

    static long weightOf(String job) {
        return Long.parseLong(job.substring(job.indexOf(':') + 1));
    }

    static List<String> answers(List<String> jobs) {
        return jobs.stream().map(job -> job + "!").toList();
    }

    @Override
    public void dispatched(BatchInfo batch) {
        infos.add(batch);
    }

    private List<String> process(List<String> jobs) {
        note(jobs);
        return answers(jobs);
    }

    private void note(List<String> jobs) {
        if (jobs.isEmpty()) {
            throw new AssertionError("an empty batch reached the processor"); // R2.5, in every test
        }
        sent.add(List.copyOf(jobs));
    }
}
