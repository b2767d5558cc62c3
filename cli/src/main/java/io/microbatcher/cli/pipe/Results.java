package io.microbatcher.cli.pipe;

/**
 * The way of jobs through the batcher and of their results to one taker, in one order or the other.
 *
 * <p><b>Threads.</b> One thread submits, one delivers; any thread may end the intake.
 */
interface Results {
    /**
     * Submits a job for which there is room.
     *
     * @return false if the intake has ended: the job was not taken
     */
    boolean submit(Line line);

    /** What was submitted can be delivered: the submitter may now block for long. */
    void handOver();

    /** Takes no more jobs. What was submitted is delivered, and then {@link #deliver} ends. */
    void end();

    /** Delivers every result to the taker, and returns after the last. */
    void deliver(Outcomes taker);
}
