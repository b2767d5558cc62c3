package io.microbatcher.benchmarks.peer;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Pekko Streams' {@code groupedWithin} behind a bounded queue that any thread may offer to. */
final class Pekko implements Peer {
    private static final int QUEUE = 1 << 16;
    private static final long FULL_NANOS = 50_000;

    private final ExecutorService threads;
    private final ActorSystem system;
    private final BoundedSourceQueue<Waiting> queue;

    Pekko(Setting setting, Backend backend) {
        this.threads = Workers.pool(setting.workers());
        this.system = ActorSystem.create(
                "peer",
                ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF, daemonic = on,"
                                + " scheduler.tick-duration = 1 ms }")
                        .withFallback(ConfigFactory.load()));
        Duration cycle = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(setting.cycleMicros()));
        this.queue = Source.<Waiting>queue(QUEUE)
                .groupedWithin(setting.size(), cycle)
                .mapAsync(
                        setting.workers(),
                        batch -> CompletableFuture.supplyAsync(
                                () -> {
                                    Waiting.answer(batch, backend);
                                    return batch.size();
                                },
                                threads))
                .to(Sink.ignore())
                .run(system);
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        Waiting waiting = new Waiting(job);
        QueueOfferResult offered = queue.offer(waiting);
        while (!offered.isEnqueued()) {
            LockSupport.parkNanos(FULL_NANOS);
            offered = queue.offer(waiting);
        }
        return waiting;
    }

    @Override
    public void close() {
        queue.complete();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
        threads.shutdownNow();
    }
}
