package io.microbatcher.benchmarks.postgres;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherStats;
import io.microbatcher.MicroBatcher;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** A batcher behind the numbers that stand for jobs here. The answer to a job is the job, if all is well. */
interface BatchedCalls extends AutoCloseable {
    Long run(Long job) throws InterruptedException;

    CompletableFuture<Long> submit(Long job);

    BatcherStats stats();

    @Override
    void close();

    /**
     * Makes one.
     *
     * @param settings sets options of the builder
     * @param row what the processor gets for a job
     * @param answer what a caller makes of its result
     */
    static <J, R> BatchedCalls of(
            BatchProcessor<J, R> processor,
            Consumer<MicroBatcher.Builder<?, ?>> settings,
            Function<Long, J> row,
            BiFunction<R, Long, Long> answer) {
        MicroBatcher.Builder<J, R> builder = MicroBatcher.builder(processor);
        settings.accept(builder);
        MicroBatcher<J, R> batcher = builder.build();
        return new BatchedCalls() {
            @Override
            public Long run(Long job) throws InterruptedException {
                return answer.apply(batcher.run(row.apply(job)), job);
            }

            @Override
            public CompletableFuture<Long> submit(Long job) {
                return batcher.submit(row.apply(job)).thenApply(result -> answer.apply(result, job));
            }

            @Override
            public BatcherStats stats() {
                return batcher.stats();
            }

            @Override
            public void close() {
                batcher.close();
            }
        };
    }
}
