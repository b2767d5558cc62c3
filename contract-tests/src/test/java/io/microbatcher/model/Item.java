package io.microbatcher.model;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A job of a random run, and what its batches have made of it. */
class Item {
    final int id;
    final int key;
    final int weight;
    final boolean isPoison;

    /** Those of one group may be asked once: they have the same key and weight, and the same answer. */
    final String group;

    /** How many batches had it. */
    final AtomicInteger calls = new AtomicInteger();

    /** Whether it has been answered. */
    volatile boolean succeeded;

    Item(int id, SplittableRandom random, boolean coalesces) {
        this.id = id;
        this.key = random.nextInt(3);
        this.weight = random.nextInt(4);
        this.isPoison = random.nextInt(25) == 0;
        this.group = coalesces ? key + " of " + weight : String.valueOf(id);
    }

    @Override
    public String toString() {
        return id + (isPoison ? "!" : "") + " key " + key;
    }
}
