package io.microbatcher.benchmarks.postgres;

/**
 * What is the same for all that are compared.
 *
 * @param far whether a round trip is added
 * @param callers how many jobs are under way at a time, at most
 */
record Cell(Operation operation, boolean far, int callers, Threads threads) {

    /** What callers run on. */
    enum Threads {
        PLATFORM,
        VIRTUAL
    }

    static Cell parse(String text) {
        String[] parts = text.split(" ", -1);
        return new Cell(
                Operation.valueOf(parts[0]),
                parts[1].equals("far"),
                Integer.parseInt(parts[2]),
                Threads.valueOf(parts[3]));
    }

    @Override
    public String toString() {
        return operation.name() + " " + (far ? "far" : "local") + " " + callers + " " + threads;
    }
}
