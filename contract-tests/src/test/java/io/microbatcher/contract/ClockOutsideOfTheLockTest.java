package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import io.microbatcher.Timer;
import io.microbatcher.test.VirtualTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R5.1: a clock of the user's may take locks of its own, which another thread holds while it rings an alarm. */
@Timeout(60)
class ClockOutsideOfTheLockTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void r5_1_noClockOfTheUsersIsReadUnderTheLock() throws Exception {
        AtomicReference<MicroBatcher<String, String>> under = new AtomicReference<>();
        AtomicBoolean armed = new AtomicBoolean();
        CopyOnWriteArrayList<Throwable> stuck = new CopyOnWriteArrayList<>();
        Timer clock = new Timer() {
            @Override
            public long nanos() {
                if (armed.get() && Thread.currentThread().getName().equals("submitter")) {
                    try { // another thread wants the lock, while this one reads the clock
                        CompletableFuture.supplyAsync(() -> under.get().stats()).get(30, TimeUnit.SECONDS);
                    } catch (Exception late) {
                        stuck.add(new Throwable(late));
                    }
                }
                return time.nanos();
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                time.schedule(atNanos, task);
            }
        };
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> jobs)
                .batchSize(1)
                .timer(clock)
                .build();
        under.set(batcher);
        armed.set(true);
        Thread submitter = new Thread(() -> batcher.submit("a"), "submitter");
        submitter.start();
        submitter.join();
        armed.set(false);
        assertThat(stuck).isEmpty();
    }
}
