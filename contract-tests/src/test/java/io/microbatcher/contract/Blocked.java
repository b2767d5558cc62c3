package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A thread of its own for one call that is expected to block for room. */
final class Blocked<T> {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FutureTask<T> call;
    final Thread thread;

    private Blocked(Callable<T> call) {
        this.call = new FutureTask<>(call);
        this.thread = new Thread(this.call, "blocked caller");
        thread.setDaemon(true);
    }

    /** Starts the call and returns when it stands in line, behind those that stood there before. */
    static <T> Blocked<T> in(MicroBatcher<?, ?> batcher, Callable<T> call) {
        int before = batcher.stats().blocked();
        Blocked<T> blocked = new Blocked<>(call);
        blocked.thread.start();
        await().pollInterval(Duration.ofMillis(1))
                .atMost(LIMIT)
                .until(() -> batcher.stats().blocked() > before);
        assertThat(blocked.call).isNotDone();
        return blocked;
    }

    T outcome() throws Exception {
        return call.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    boolean isDone() {
        return call.isDone();
    }
}
