package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Drains the batchers when the context stops: after the web server has answered its last request, before any bean is
 * destroyed.
 *
 * <p>It drains and does not close. A context that is stopped may be started again, as one that waits in the cache of a test
 * run, or a checkpoint, is; and beans that are destroyed later may have something to submit. Each batcher is closed when it
 * is destroyed itself.
 */
final class BatcherLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
    /**
     * Below the phases in which the web server ends: the graceful end is at {@code DEFAULT_PHASE - 1024}, the stop at
     * {@code DEFAULT_PHASE - 2048}. What has a higher phase stops earlier.
     */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private static final Log LOG = LogFactory.getLog(BatcherLifecycle.class);

    private final Batchers batchers;
    private final Ending ending;
    private volatile boolean running;

    BatcherLifecycle(Batchers batchers, Ending ending, MicroBatcherProperties properties) {
        this.batchers = batchers;
        this.ending = ending;
        ending.within(properties.shutdownTimeout());
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void start() {
        ending.forget();
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /**
     * The end begins here, however long ago the context was stopped. Requests that wait for a batch to fill would make the web
     * server wait for it.
     */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        ending.close();
        batchers.all().values().forEach(MicroBatcher::flush);
    }

    @Override
    public void stop() {
        drained(ending.begin()).join();
        running = false;
    }

    @Override
    public void stop(Runnable done) {
        var unused = drained(ending.begin()).whenComplete((drained, late) -> {
            running = false;
            done.run();
        });
    }

    private CompletableFuture<Boolean> drained(Duration timeout) {
        Map<String, MicroBatcher<?, ?>> all = Map.copyOf(batchers.all());
        CompletableFuture<?>[] drains =
                all.values().stream().map(MicroBatcher::drain).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(drains)
                .thenApply(ended -> true)
                .completeOnTimeout(false, ending.nanos(), TimeUnit.NANOSECONDS)
                .whenComplete((inTime, failure) -> {
                    if (Boolean.FALSE.equals(inTime)) {
                        LOG.warn("Not drained within microbatcher.shutdown-timeout, " + timeout + ": " + pending(all));
                    }
                });
    }

    private static String pending(Map<String, MicroBatcher<?, ?>> all) {
        return all.values().stream()
                .filter(batcher -> batcher.stats().pending() > 0)
                .map(batcher -> batcher.name() + " with " + batcher.stats().pending() + " pending jobs")
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
