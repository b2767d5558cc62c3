package io.microbatcher.benchmarks.postgres;

/** A way to the database. */
enum Way {
    ONE_AT_A_TIME("one row at a time", false),
    BY_HAND("hand-written batches", false),
    BLOCKING("micro-batcher, callers block", true),
    /** With {@code executor(Runnable::run)}, for a lone caller: what remains if no thread has to be woken. */
    ON_CALLERS_THREAD("micro-batcher, on the caller's thread", true),
    ASYNC("micro-batcher, async", true);

    private final String label;
    private final boolean ours;

    Way(String label, boolean ours) {
        this.label = label;
        this.ours = ours;
    }

    String label() {
        return label;
    }

    boolean isOurs() {
        return ours;
    }
}
