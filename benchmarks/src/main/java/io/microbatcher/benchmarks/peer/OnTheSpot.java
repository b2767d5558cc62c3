package io.microbatcher.benchmarks.peer;

import java.util.concurrent.CompletableFuture;

/** A limit, not a peer: the caller itself makes a future and completes it with its job; no batch, no other thread. */
final class OnTheSpot implements Peer {

    @Override
    public CompletableFuture<Long> submit(Long job) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        result.complete(job);
        return result;
    }

    @Override
    public void close() {}
}
