package io.microbatcher.benchmarks.peer;

import com.twitter.util.Batcher;
import com.twitter.util.Duration;
import com.twitter.util.Future;
import com.twitter.util.Promise;
import com.twitter.util.ScheduledThreadPoolTimer;
import com.twitter.util.Try;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import scala.collection.Iterator;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/** Twitter's {@code Future.batched} over a function that runs on threads of its own. */
final class TwitterBatched implements Peer {
    private final ExecutorService threads;
    private final ScheduledThreadPoolTimer timer = new ScheduledThreadPoolTimer(1, "peer", true);
    private final Backend backend;
    private final Batcher<Long, Long> batcher;

    TwitterBatched(Setting setting, Backend backend) {
        this.threads = Workers.pool(setting.workers());
        this.backend = backend;
        this.batcher = Future.batched(
                setting.size(),
                Duration.fromNanoseconds(TimeUnit.MICROSECONDS.toNanos(setting.cycleMicros())),
                () -> 1.0f,
                this::process,
                timer);
    }

    private Future<scala.collection.immutable.Seq<Long>> process(Seq<Long> batch) {
        Promise<scala.collection.immutable.Seq<Long>> results = new Promise<>();
        threads.execute(() -> {
            List<Long> jobs = new ArrayList<>(batch.size());
            for (Iterator<Long> each = batch.iterator(); each.hasNext(); ) {
                jobs.add(each.next());
            }
            try {
                results.setValue(
                        CollectionConverters.asScala(backend.process(jobs)).toSeq());
            } catch (Throwable failure) {
                results.setException(failure);
            }
        });
        return results;
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        batcher.apply(job).respond(outcome -> bridge(outcome, result));
        return result;
    }

    private static BoxedUnit bridge(Try<Long> outcome, CompletableFuture<Long> result) {
        if (outcome.isReturn()) {
            result.complete(outcome.get());
        } else {
            result.completeExceptionally(outcome.throwable());
        }
        return BoxedUnit.UNIT;
    }

    @Override
    public void close() {
        timer.stop();
        threads.shutdownNow();
    }
}
