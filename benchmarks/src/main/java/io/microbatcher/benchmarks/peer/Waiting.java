package io.microbatcher.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A job that waits for its batch, and the future of its caller: one object, as careful code has it. */
final class Waiting extends CompletableFuture<Long> {
    final Long job;

    Waiting(Long job) {
        this.job = job;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /** Has a batch processed and answers each of its callers. */
    static void answer(List<Waiting> batch, Backend backend) {
        int size = batch.size();
        List<Long> jobs = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            jobs.add(batch.get(i).job);
        }
        try {
            List<Long> results = backend.process(jobs);
            for (int i = 0; i < size; i++) {
                batch.get(i).complete(results.get(i));
            }
        } catch (Throwable failure) {
            for (int i = 0; i < size; i++) {
                batch.get(i).completeExceptionally(failure);
            }
        }
    }
}
