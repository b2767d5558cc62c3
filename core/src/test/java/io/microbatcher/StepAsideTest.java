package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A section of the board that lets others have the lock for a moment, and what it had decided before (Board, I6). */
@Timeout(60)
class StepAsideTest {
    private static final int ROUNDS = 200;

    /** Calls of the clock on the thread that settles once more: where it stops, with the lock free. */
    private static final ThreadLocal<Runnable> ON_THE_CLOCK = new ThreadLocal<>();

    private final Dispatcher<String, String> dispatcher =
            new Dispatcher<>(options().validated());
    private final Acceptor<String, String> acceptor = new Acceptor<>(dispatcher);
    private final Board<String, String> board = dispatcher.board;
    private final List<Thread> told = new CopyOnWriteArrayList<>();

    private Options<String, String> options() {
        Options<String, String> options = new Options<>(jobs -> jobs);
        options.batchCycle = Duration.ofDays(1);
        options.executor = Runnable::run;
        options.timer = new Timer() {
            @Override
            public long nanos() {
                Runnable stop = ON_THE_CLOCK.get();
                if (stop != null) {
                    stop.run();
                }
                return 1;
            }

            @Override
            public void schedule(long atNanos, Runnable task) {}
        };
        return options;
    }

    /** Begins a section, and ends a job in it. */
    private void enterAndEndAJob() {
        acceptor.submit("job");
        List<PendingJob<String, String>> waiting = new ArrayList<>();
        board.enter();
        board.lanes.each(lane -> lane.collect(waiting));
        board.depart(waiting.get(0), JobOutcome.TIMED_OUT, () -> told.add(Thread.currentThread()));
    }

    private void stepAsideUntil(CompletableFuture<?> done) {
        CountDownLatch latch = new CountDownLatch(1);
        done.whenComplete((nothing, failure) -> latch.countDown());
        board.stepAside(latch);
    }

    @Test
    void whatASectionHasDecidedIsNotCarriedOutByThoseWhoComeInBetween() {
        enterAndEndAJob();
        stepAsideUntil(CompletableFuture.runAsync(dispatcher::stats));
        assertThat(told).isEmpty();
        board.leave();
        assertThat(told).containsExactly(Thread.currentThread());
    }

    @Test
    void whatASectionHasDecidedIsNotLostWhenSomebodySettlesOnceMoreInBetween() {
        AtomicInteger met = new AtomicInteger();
        for (int round = 0; round < ROUNDS; round++) {
            CountDownLatch settledOnce = new CountDownLatch(1);
            CountDownLatch inside = new CountDownLatch(1);
            CompletableFuture<Void> left = CompletableFuture.runAsync(() -> leaveTwice(settledOnce, inside, met))
                    .whenComplete((nothing, failure) -> settledOnce.countDown());
            while (settledOnce.getCount() > 0) {
                board.doorbell.ring();
            }
            enterAndEndAJob();
            inside.countDown();
            stepAsideUntil(left);
            board.leave();
            assertThat(told).as("round %s", round).hasSize(round + 1);
        }
        assertThat(met).as("how often they met").hasPositiveValue();
    }

    /** Decides something, and finds when it leaves that somebody has rung. */
    private void leaveTwice(CountDownLatch settledOnce, CountDownLatch inside, AtomicInteger met) {
        board.enter();
        board.aftermath.sendAhead(1);
        ON_THE_CLOCK.set(() -> {
            ON_THE_CLOCK.remove();
            met.getAndIncrement();
            settledOnce.countDown();
            try {
                inside.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        try {
            board.leave();
        } finally {
            ON_THE_CLOCK.remove();
        }
    }
}
