package io.microbatcher.cli.pipe;

import io.microbatcher.BatchProcessor;

/**
 * What is done with a batch. The result {@link Slice#NONE} is one without a line of output.
 *
 * <p><b>Abort.</b> After {@link #abort()} batches that begin fail at once with {@link Aborted}, and those in flight end
 * as soon as they can. No thread is interrupted: an interrupt breaks files that a database driver has open.
 */
interface Work extends AutoCloseable {
    /** The processor of the batches. */
    BatchProcessor<Line, Slice> processor();

    /** Gives up what is in flight. */
    void abort();

    /** Releases what it holds, once no batch is in flight any more. */
    @Override
    void close();
}
