package io.microbatcher.benchmarks.peer;

import java.util.concurrent.CompletableFuture;

/**
 * One way to batch, behind the same two calls for all of them. An adapter that has to bridge the library's own kind of
 * future to a {@link CompletableFuture} pays for the bridge, as a caller would.
 */
public interface Peer extends AutoCloseable {

    CompletableFuture<Long> submit(Long job);

    /** Blocks for the result: what a caller at one line of code does. */
    default Long call(Long job) throws Exception {
        return submit(job).get();
    }

    /** Frees every thread. Called when all jobs have been answered. */
    @Override
    void close();
}
