/**
 * Collects single jobs into batches, hands each batch to a {@link io.microbatcher.BatchProcessor} and gives every caller
 * its own result.
 *
 * <p>Start with {@link io.microbatcher.MicroBatcher}. The way of a job through this package: {@code MicroBatcher}
 * accepts it ({@code Admission}, {@code Intake}), a {@code Lane} keeps it in order of arrival, the {@code Trigger} says
 * when a batch is due, the {@code Dispatcher} lets a free slot take it, a {@code Batch} carries it through the processor
 * and {@code PendingJob} brings the result to the caller.
 */
@NullMarked
package io.microbatcher;

import org.jspecify.annotations.NullMarked;
