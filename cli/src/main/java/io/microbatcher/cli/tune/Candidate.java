package io.microbatcher.cli.tune;

import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.time.Duration;

/**
 * A configuration of the batcher.
 *
 * @param policy when a batch leaves that is not full
 * @param batchSize the size at which it leaves
 * @param batchCycle the longest wait; null for none
 * @param slots how many batches at a time
 * @param adaptsSlots whether that is only the most
 */
record Candidate(DispatchPolicy policy, int batchSize, Duration batchCycle, int slots, boolean adaptsSlots) {
    <J, R> MicroBatcher.Builder<J, R> builder(BatchProcessor<J, R> processor) {
        MicroBatcher.Builder<J, R> builder =
                MicroBatcher.builder(processor).batchSize(batchSize).dispatchPolicy(policy);
        if (batchCycle != null) {
            builder.batchCycle(batchCycle);
        }
        return adaptsSlots ? builder.adaptiveConcurrency(slots) : builder.maxConcurrentBatches(slots);
    }

    /** The lines that a user would write. */
    String code() {
        String cycle = batchCycle == null ? "" : ".batchCycle(" + Figures.javaDuration(batchCycle) + ")";
        String rule = policy.toString().equals("natural") ? ".dispatchPolicy(DispatchPolicy.natural())" : "";
        String target = policy.toString().startsWith("latencyTarget ")
                ? ".latencyTarget(Duration.parse(\"" + policy.toString().substring("latencyTarget ".length()) + "\"))"
                : "";
        String concurrency =
                adaptsSlots ? ".adaptiveConcurrency(" + slots + ")" : ".maxConcurrentBatches(" + slots + ")";
        return ".batchSize(" + batchSize + ")" + cycle + rule + target + (slots == 1 ? "" : concurrency);
    }

    @Override
    public String toString() {
        String name = policy.toString();
        String rule = name.equals("sizeOrAge") ? "size or age" : name.replaceFirst("latencyTarget PT", "target ");
        return rule
                + ", size " + batchSize
                + (batchCycle == null ? "" : ", cycle " + Figures.duration(batchCycle))
                + (slots == 1 ? "" : ", " + (adaptsSlots ? "up to " : "") + slots + " slots");
    }
}
