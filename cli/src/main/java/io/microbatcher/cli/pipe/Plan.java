package io.microbatcher.cli.pipe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done, checked.
 *
 * @param files where jobs come from; empty means the standard input
 * @param format how lines are read
 * @param neededColumns the columns that CSV must have
 * @param batchSize the most jobs of a batch
 * @param batchCycle the longest wait of a job for its batch
 * @param concurrency how many batches are processed at once
 * @param asCompleted whether results come in the order in which they arrive
 * @param maxPending the most jobs that are read ahead of what was written
 * @param maxPendingBytes and the most bytes
 * @param maxLineBytes the longest line
 * @param deadLetter where jobs go that failed
 * @param progress whether there is a live line
 * @param summary how the summary is written; null means as text, unless the run has nothing to say
 */
record Plan(
        List<String> files,
        Format format,
        List<String> neededColumns,
        int batchSize,
        Duration batchCycle,
        int concurrency,
        boolean asCompleted,
        int maxPending,
        long maxPendingBytes,
        int maxLineBytes,
        @Nullable Path deadLetter,
        boolean progress,
        Summary.@Nullable Form summary) {

    /** How lines are read. */
    enum Format {
        /** As bytes: for commands. */
        BYTES,
        /** As text. */
        TEXT,
        /** As JSON, one value a line. */
        JSON,
        /** As CSV with a header. */
        CSV
    }

    /** Makes what processes the batches. */
    interface WorkFactory {
        Work make(Window window, Output output, Screen screen, Course course) throws RefusedException;
    }
}
