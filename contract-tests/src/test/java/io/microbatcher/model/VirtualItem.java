package io.microbatcher.model;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An item of a {@link RandomRun}, and what its caller knows of it. */
final class VirtualItem extends Item {
    /** Null for a job of a channel, whose results are polled for. */
    @Nullable
    CompletableFuture<String> future;

    long acceptedNanos;
    int answers;
    boolean refused;

    VirtualItem(int id, SplittableRandom random, boolean coalesces) {
        super(id, random, coalesces);
    }

    String result() {
        return "result " + group;
    }

    /** Whether its caller knows the end. */
    boolean isOver() {
        return answers > 0 || (future != null && future.isDone());
    }

    @Override
    public String toString() {
        return super.toString() + (isOver() ? succeeded ? " done" : " failed" : "");
    }
}
