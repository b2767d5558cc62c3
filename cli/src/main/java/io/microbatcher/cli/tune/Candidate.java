package io.microbatcher.cli.tune;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A configuration of the batcher.
 *
 * @param rule when a batch leaves that is not full
 * @param limit the rule's batch cycle or latency target; zero for a rule that has none
 * @param batchSize the size at which it leaves
 * @param slots how many batches at a time
 */
record Candidate(Rule rule, Duration limit, int batchSize, int slots) {
    static Candidate withoutBatching(int slots) {
        return new Candidate(Rule.NATURAL, Duration.ZERO, 1, slots);
    }

    boolean batches() {
        return batchSize > 1;
    }

    <J, R> MicroBatcher.Builder<J, R> builder(BatchProcessor<J, R> processor) {
        return rule.applyTo(MicroBatcher.builder(processor), limit)
                .batchSize(batchSize)
                .maxConcurrentBatches(slots);
    }

    /** The lines that a user would write between the builder and {@code build()}. */
    List<String> code() {
        List<String> lines = new ArrayList<>();
        lines.add(".batchSize(" + batchSize + ")");
        if (batches()) {
            lines.add(rule.code(limit));
        }
        if (slots > 1) {
            lines.add(".maxConcurrentBatches(" + slots + ")");
        }
        return lines;
    }

    @Override
    public String toString() {
        String name = batches() ? rule.words(limit) + ", size " + batchSize : "no batching";
        return slots == 1 ? name : name + ", " + slots + " slots";
    }
}
