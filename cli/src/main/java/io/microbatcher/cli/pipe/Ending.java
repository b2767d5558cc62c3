package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How the run comes to its end, and what its exit status will be.
 *
 * <pre>
 *   reading --end of input, first failure, signal--> draining --second signal, output closed--> giving up
 * </pre>
 *
 * Draining finishes every job that was taken. Giving up fails those that wait, and ends those in flight early; if even
 * that does not end the run in time, the process is halted.
 */
final class Ending implements Course {
    private static final long HALT_AFTER_SIGNAL_SECONDS = 2;
    private static final long HALT_AFTER_CLOSED_SECONDS = 10;

    private final Screen screen;
    private final Tally tally;
    private final Window window;
    private final IntConsumer halt;
    private final AtomicInteger signal = new AtomicInteger();
    private final AtomicReference<@Nullable RefusedException> refused = new AtomicReference<>();
    private final AtomicBoolean failedForGood = new AtomicBoolean();

    /** How many jobs had ended when the first one failed for good, itself included. */
    private volatile long endedThen;

    /** Whether the end of the input was seen, so that nothing was left unread. */
    private volatile boolean readToTheEnd;

    private final AtomicBoolean outputClosed = new AtomicBoolean();
    private final AtomicBoolean surplusReported = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile Runnable stopIntake = () -> {};
    private volatile Runnable giveUp = () -> {};

    Ending(Screen screen, Tally tally, Window window, IntConsumer halt) {
        this.screen = screen;
        this.tally = tally;
        this.window = window;
        this.halt = halt;
    }

    /** Says what to do; before the first job is read. */
    void begin(Runnable howToStopIntake, Runnable howToGiveUp) {
        this.stopIntake = howToStopIntake;
        this.giveUp = howToGiveUp;
    }

    void signalled(int number) {
        if (signal.compareAndSet(0, number)) {
            screen.message("interrupted: finishing " + Amounts.count(window.jobs(), "pending job")
                    + "; once more to give up"); // said first: the run may end at once
            stopIntake.run();
        } else {
            haltAfter(HALT_AFTER_SIGNAL_SECONDS);
            giveUp.run();
        }
    }

    @Override
    public void failedForGood(String reason, long ended) {
        if (failedForGood.compareAndSet(false, true)) {
            endedThen = ended;
            screen.message(reason);
            stopIntake.run();
        }
    }

    /** The input has ended by itself. */
    void readToTheEnd() {
        readToTheEnd = true;
    }

    /** Says that a failure cut the input short, when all that was taken has ended. */
    void tellOfTheRest() {
        Line last = tally.last;
        if (failedForGood.get() && last != null) {
            long others = tally.read.get() - endedThen;
            String processed = others == 0
                    ? ""
                    : "; " + Amounts.count(others, "more line") + " had been accepted and "
                            + (others == 1 ? "was" : "were") + " still processed";
            screen.message(
                    readToTheEnd
                            ? "the input was read to its end" + processed
                            : "stopped reading after " + last.place() + processed
                                    + "; later lines were not read; --dead-letter FILE goes on instead");
        }
    }

    @Override
    public void outputFailed(IOException failure) {
        if (Output.isReaderGone(failure)) {
            if (outputClosed.compareAndSet(false, true)) {
                haltAfter(HALT_AFTER_CLOSED_SECONDS);
                stopIntake.run();
                giveUp.run();
            }
        } else {
            cannotGoOn(RefusedException.io("cannot write the results: " + failure.getMessage()));
        }
    }

    @Override
    public void cannotGoOn(RefusedException why) {
        if (refused.compareAndSet(null, why)) {
            screen.message(String.valueOf(why.getMessage()));
            stopIntake.run();
        }
    }

    @Override
    public void surplus(long results, String what) {
        tally.surplus.addAndGet(results);
        if (surplusReported.compareAndSet(false, true)) {
            screen.message(what);
        }
    }

    /** Says that the run has ended by itself. */
    void over() {
        over.set(true);
    }

    /** A run that ends because nobody reads its results has nothing to say. */
    boolean isQuiet() {
        return outputClosed.get() && signal.get() == 0;
    }

    int exitCode() {
        RefusedException why = refused.get();
        if (signal.get() != 0) {
            return ExitCodes.ofSignal(signal.get());
        }
        if (outputClosed.get()) {
            return ExitCodes.OUTPUT_CLOSED;
        }
        if (why != null) {
            return why.exitCode;
        }
        boolean fine = tally.failed.get() == 0 && tally.surplus.get() == 0;
        return fine ? ExitCodes.FINE : ExitCodes.JOBS_FAILED;
    }

    private void haltAfter(long seconds) {
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(() -> {
            if (!over.get()) {
                halt.accept(exitCode());
            }
        });
    }
}
