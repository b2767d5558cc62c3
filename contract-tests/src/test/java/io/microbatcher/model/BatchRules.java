package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.JobContexts;
import java.util.List;

/** What holds for every batch, whatever the mode, given the options. */
final class BatchRules {
    private final RandomOptions options;

    BatchRules(RandomOptions options) {
        this.options = options;
    }

    /** Checks what a processor is asked with, and counts it. Called by the processor, on its own thread. */
    void check(List<? extends Item> batch) {
        assertThat(batch).as("R2.5").isNotEmpty();
        assertThat(batch.size()).as("R2.1").isLessThanOrEqualTo(options.batchSize);
        if (options.isWeighed && batch.size() > 1) {
            assertThat(batch.stream().mapToInt(item -> item.weight).sum())
                    .as("R2.1: the weight of %s", batch)
                    .isLessThanOrEqualTo(options.maxBatchWeight);
        }
        if (options.hasKeys) {
            assertThat(batch.stream().map(item -> item.key).distinct())
                    .as("R6.1")
                    .hasSize(1);
        }
        for (Item item : batch) {
            assertThat(item.succeeded).as("R7.3: %s was answered before", item).isFalse();
            int before = item.calls.getAndIncrement();
            assertThat(options.splits || before < options.attempts)
                    .as("R7.1: %s has had its attempts", item)
                    .isTrue();
        }
        if (options.carriesContext) {
            JobContexts contexts = JobContexts.current();
            for (int i = 0; i < batch.size(); i++) {
                assertThat(contexts.get(i))
                        .as("R5.8: the context of %s", batch.get(i))
                        .isEqualTo(batch.get(i).id);
            }
        }
    }
}
