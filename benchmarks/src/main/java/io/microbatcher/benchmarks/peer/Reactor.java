package io.microbatcher.benchmarks.peer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Project Reactor's {@code bufferTimeout} over a sink that any thread may emit to, in its form with fair backpressure. The
 * other form is no candidate: under load it gave batches beyond its size, left a lone job behind whose timer rang before
 * the job was in the buffer, and fails when the backend is slower than the callers.
 */
final class Reactor implements Peer {
    private final ExecutorService threads;
    private final Scheduler scheduler;
    private final Scheduler timer = Schedulers.newSingle("peer", true);
    private final Disposable subscription;
    private FluxSink<Waiting> sink;

    Reactor(Setting setting, Backend backend) {
        this.threads = Workers.pool(setting.workers());
        this.scheduler = Schedulers.fromExecutorService(threads);
        Duration cycle = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(setting.cycleMicros()));
        this.subscription = Flux.<Waiting>create(created -> sink = created, FluxSink.OverflowStrategy.BUFFER)
                .bufferTimeout(setting.size(), cycle, timer, true)
                .flatMap(
                        batch -> Mono.fromRunnable(() -> Waiting.answer(batch, backend))
                                .subscribeOn(scheduler),
                        setting.workers())
                .subscribe();
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        Waiting waiting = new Waiting(job);
        sink.next(waiting);
        return waiting;
    }

    @Override
    public void close() {
        sink.complete();
        subscription.dispose();
        timer.dispose();
        scheduler.dispose();
        threads.shutdownNow();
    }
}
