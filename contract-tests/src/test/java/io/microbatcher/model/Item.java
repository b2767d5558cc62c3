package io.microbatcher.model;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A job of a {@link RandomRun}, and what has become of it. */
final class Item {
    final int id;
    final int key;
    final int weight;
    final boolean isPoison;

    /** Those of one group may be asked once: they have the same key and weight, and the same answer. */
    final String group;

    /** Null for a job of a channel, whose results are polled for. */
    @Nullable
    CompletableFuture<String> future;

    long acceptedNanos;
    int answers;
    boolean succeeded;
    boolean refused;

    /** How many batches had it. */
    int calls;

    Item(int id, SplittableRandom random, boolean coalesces) {
        this.id = id;
        this.key = random.nextInt(3);
        this.weight = random.nextInt(4);
        this.isPoison = random.nextInt(25) == 0;
        this.group = coalesces ? key + " of " + weight : String.valueOf(id);
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
        return id + (isPoison ? "!" : "") + " key " + key + (isOver() ? succeeded ? " done" : " failed" : "");
    }
}
