package io.microbatcher.cli.demo;

import io.microbatcher.BatchListener;
import io.microbatcher.MicroBatcher;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Five jobs from five threads through a batcher of size three, told as it happens. */
final class FiveJobs {
    private static final int JOBS = 5;
    private static final int BATCH_SIZE = 3;

    private final PrintWriter out;
    private final Pace pace;

    FiveJobs(PrintWriter out, Pace pace) {
        this.out = out;
        this.pace = pace;
    }

    /**
     * How slow the story goes.
     *
     * @param batchCycle the batcher's
     * @param processing how long one call of the processor takes
     * @param pause from one caller to the next, so that a reader can follow
     */
    record Pace(Duration batchCycle, Duration processing, Duration pause) {
        static final Pace READABLE = new Pace(Duration.ofMillis(1_500), Duration.ofMillis(300), Duration.ofMillis(100));
    }

    /** Tells it to nobody first, and fast: loading classes would otherwise be most of what the reader sees. */
    static void rehearse() throws InterruptedException, ExecutionException {
        Pace fast = new Pace(Duration.ofMillis(1), Duration.ZERO, Duration.ZERO);
        new FiveJobs(new PrintWriter(Writer.nullWriter()), fast).tell();
    }

    void tell() throws InterruptedException, ExecutionException {
        out.printf(Locale.ROOT, """
                1. Five jobs from five threads

                Each caller has one number and calls run(number), which blocks until its result is there.
                The processor doubles a whole batch in one call that takes %,d ms, however many it holds.
                A batch leaves when it holds %d jobs, or when its oldest job has waited %,d ms.

                """, pace.processing.toMillis(), BATCH_SIZE, pace.batchCycle.toMillis());
        out.flush();

        Narrator narrator = new Narrator(out);
        ExecutorService callers = Executors.newFixedThreadPool(JOBS);
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    narrator.tell("processor", "doubles " + jobs + " in one call");
                    Thread.sleep(pace.processing.toMillis());
                    return jobs.stream().map(number -> number * 2).toList();
                })
                .batchSize(BATCH_SIZE)
                .batchCycle(pace.batchCycle)
                .listener(departures(narrator))
                .build()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int number = 1; number <= JOBS; number++) {
                int job = number;
                calls.add(callers.submit(() -> call(job, batcher, narrator)));
                Thread.sleep(pace.pause.toMillis());
            }
            for (Future<?> call : calls) {
                call.get();
            }
            out.printf(
                    Locale.ROOT,
                    "%nFive calls became %d calls of the processor, and every caller has its own result.%n",
                    batcher.stats().batches());
            out.flush();
        } finally {
            callers.shutdownNow(); // on the way out after an interrupt: their jobs are taken back
        }
    }

    private static Void call(int job, MicroBatcher<Integer, Integer> batcher, Narrator narrator)
            throws InterruptedException {
        String name = "caller " + job;
        narrator.tell(name, "submits " + job);
        int result = batcher.run(job);
        narrator.tell(name, "gets " + result);
        if (result != job * 2) {
            throw new IllegalStateException(name + " asked for the double of " + job + " and got " + result);
        }
        return null;
    }

    private static BatchListener departures(Narrator narrator) {
        return new BatchListener() {
            @Override
            public void dispatched(BatchInfo batch) {
                String jobs = batch.size() == 1 ? " job" : " jobs";
                narrator.tell("batch " + batch.id(), "leaves with " + batch.size() + jobs + ": " + why(batch));
            }
        };
    }

    private static String why(BatchListener.BatchInfo batch) {
        long waitedMillis = batch.oldestWaitNanos() / 1_000_000;
        return batch.reason() + ", "
                + switch (batch.reason()) {
                    case SIZE -> "it is full";
                    case WEIGHT -> "the next job would be too heavy";
                    case AGE -> String.format(Locale.ROOT, "its oldest job has waited %,d ms", waitedMillis);
                    case IDLE, BALANCE, PACE, TARGET -> "waiting longer has nothing to gain";
                    case FLUSH -> "it was told to";
                    case PRESSURE -> "callers are blocked";
                    case RETRY -> "it is tried again";
                    case CLOSE -> "the batcher closes";
                };
    }
}
