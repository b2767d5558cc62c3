package io.microbatcher.cli.pipe;

import io.microbatcher.BatcherStats;
import io.microbatcher.MicroBatcher;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of the command.
 *
 * <p><b>Threads.</b> A daemon reads and submits: nothing can interrupt a read of the standard input, so nobody waits for
 * it. The caller's thread delivers the results. Batches run on the batcher's threads, signals on their own.
 */
final class Run {
    private final Plan plan;
    private final Streams streams;
    private final Screen screen;
    private final Tally tally = new Tally();
    private final Window window;
    private final Output output;
    private final Ending ending;

    Run(Plan plan, Streams streams, Screen screen) {
        this.plan = plan;
        this.streams = streams;
        this.screen = screen;
        this.window = new Window(plan.maxPending(), plan.maxPendingBytes());
        this.output = new Output(streams.out(), screen);
        this.ending = new Ending(screen, tally, window, streams.halt());
    }

    int execute(Plan.WorkFactory factory) throws RefusedException {
        Inputs.check(plan.files());
        try (Work work = factory.make(window, output, screen, ending);
                DeadLetters letters = plan.deadLetter() == null ? null : DeadLetters.open(plan.deadLetter())) {
            return execute(work, letters);
        } catch (IOException unwritable) {
            throw RefusedException.io("cannot close the dead letters: " + unwritable.getMessage());
        }
    }

    private int execute(Work work, @Nullable DeadLetters letters) {
        long began = System.nanoTime();
        Watcher watcher = new Watcher();
        MicroBatcher<Line, Slice> batcher = MicroBatcher.builder(work.processor())
                .name("pipe")
                .batchSize(plan.batchSize())
                .batchCycle(plan.batchCycle())
                .maxConcurrentBatches(plan.concurrency())
                .maxPending(plan.maxPending())
                .listener(watcher)
                .build();
        Outcomes outcomes = new Outcomes(tally, window, output, letters, ending);
        Results results = plan.asCompleted()
                ? new AsCompleted(batcher, plan.maxPending(), tally, outcomes)
                : new InOrder(batcher, tally);
        ending.begin(
                () -> {
                    window.close();
                    results.end();
                    batcher.flush(); // nothing more will come that could fill a batch
                },
                work::abort);
        Signals signals = Signals.handle(ending::signalled);
        Progress progress = plan.progress() ? new Progress(screen, batcher::stats, tally, window, watcher) : null;
        try {
            startIntake(batcher, results);
            results.deliver(outcomes);
            outcomes.idle();
        } finally {
            signals.close();
            if (progress != null) {
                progress.close();
            }
        }
        batcher.close();
        work.close();
        ending.over();
        if (!ending.isQuiet()) {
            ending.tellOfTheRest();
        }
        summarize(batcher.stats(), watcher, System.nanoTime() - began);
        return ending.exitCode();
    }

    private void startIntake(MicroBatcher<Line, Slice> batcher, Results results) {
        Thread thread = new Thread(() -> read(batcher, results), "intake");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(MicroBatcher<Line, Slice> batcher, Results results) {
        LineSource source = new Inputs(plan.files(), streams.in(), (in, file) -> source(in, file, results::handOver));
        try {
            Line line = source.next();
            while (line != null && enter(line, batcher, results) && results.submit(line)) {
                line = source.next();
            }
            if (line == null) {
                ending.readToTheEnd();
            }
        } catch (IOException failed) {
            ending.cannotGoOn(RefusedException.io("cannot read the input: " + failed.getMessage()));
        } catch (RefusedException why) {
            ending.cannotGoOn(why);
        } catch (Throwable unexpected) { // or the run would wait for ever
            ending.cannotGoOn(RefusedException.io("cannot go on reading: " + unexpected));
        } finally {
            results.end();
            batcher.flush();
        }
    }

    /** Waits for room. What waits for its batch to fill leaves first, since nothing more may be able to come. */
    private boolean enter(Line line, MicroBatcher<?, ?> batcher, Results results) {
        if (window.tryEnter(line.length)) {
            return true;
        }
        results.handOver();
        batcher.flush();
        return window.enter(line.length);
    }

    private LineSource source(InputStream in, String file, Runnable beforeReading) {
        TextLines lines = new TextLines(in, file, plan.maxLineBytes(), beforeReading);
        return switch (plan.format()) {
            case BYTES -> lines;
            case TEXT -> new RowLines(lines, TextRow::parse);
            case JSON -> new RowLines(lines, new JsonRows());
            case CSV -> new CsvRecords(lines, plan.neededColumns());
        };
    }

    private void summarize(BatcherStats stats, Watcher watcher, long nanos) {
        Summary summary = new Summary(tally, stats, watcher, nanos, ending.exitCode());
        Summary.Form form =
                plan.summary() == null ? ending.isQuiet() ? Summary.Form.NONE : Summary.Form.TEXT : plan.summary();
        switch (form) {
            case TEXT -> screen.message(summary.text());
            case JSON -> screen.print(summary.json() + "\n");
            case NONE -> {}
        }
    }
}
