package io.microbatcher.benchmarks.peer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderOptions;

/**
 * The Java port of graphql's DataLoader without its cache. It never dispatches by itself: a timer does, at a fixed rate,
 * and so does the caller whose job fills a batch.
 */
final class ScheduledDataLoader implements Peer {
    private final ExecutorService threads;
    private final ScheduledExecutorService timer = Workers.timer();
    private final DataLoader<Long, Long> loader;
    private final int size;

    ScheduledDataLoader(Setting setting, Backend backend) {
        this.threads = Workers.pool(setting.workers());
        this.size = setting.size();
        this.loader = DataLoaderFactory.newDataLoader(
                jobs -> CompletableFuture.supplyAsync(() -> backend.process(jobs), threads),
                DataLoaderOptions.newOptions()
                        .setCachingEnabled(false)
                        .setMaxBatchSize(size)
                        .build());
        timer.scheduleAtFixedRate(
                loader::dispatch, setting.cycleMicros(), setting.cycleMicros(), TimeUnit.MICROSECONDS);
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        CompletableFuture<Long> result = loader.load(job);
        if (loader.dispatchDepth() >= size) {
            loader.dispatch();
        }
        return result;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
