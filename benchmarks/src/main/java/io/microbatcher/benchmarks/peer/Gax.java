package io.microbatcher.benchmarks.peer;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.core.SettableApiFuture;
import com.google.api.gax.batching.BatchEntry;
import com.google.api.gax.batching.Batcher;
import com.google.api.gax.batching.BatcherImpl;
import com.google.api.gax.batching.BatchingDescriptor;
import com.google.api.gax.batching.BatchingException;
import com.google.api.gax.batching.BatchingRequestBuilder;
import com.google.api.gax.batching.BatchingSettings;
import com.google.api.gax.batching.FlowControlSettings;
import com.google.api.gax.batching.FlowController;
import com.google.api.gax.batching.FlowController.LimitExceededBehavior;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.common.util.concurrent.MoreExecutors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The batcher of the Google Cloud clients, without flow control, over a callable that runs on threads of its own. */
final class Gax implements Peer {
    private final ExecutorService threads;
    private final ScheduledExecutorService timer = Workers.timer();
    private final Batcher<Long, Long> batcher;

    Gax(Setting setting, Backend backend) {
        this.threads = Workers.pool(setting.workers());
        BatchingSettings settings = BatchingSettings.newBuilder()
                .setElementCountThreshold((long) setting.size())
                .setRequestByteThreshold(Long.MAX_VALUE)
                .setDelayThresholdDuration(Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(setting.cycleMicros())))
                .setFlowControlSettings(FlowControlSettings.newBuilder()
                        .setLimitExceededBehavior(LimitExceededBehavior.Ignore)
                        .build())
                .build();
        UnaryCallable<List<Long>, List<Long>> callable = new UnaryCallable<>() {
            @Override
            public ApiFuture<List<Long>> futureCall(List<Long> jobs, ApiCallContext context) {
                SettableApiFuture<List<Long>> results = SettableApiFuture.create();
                threads.execute(() -> {
                    try {
                        results.set(backend.process(jobs));
                    } catch (Throwable failure) {
                        results.setException(failure);
                    }
                });
                return results;
            }
        };
        this.batcher = new BatcherImpl<>(
                new ByPosition(),
                callable,
                List.of(),
                settings,
                timer,
                new FlowController(settings.getFlowControlSettings()),
                null);
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        ApiFutures.addCallback(
                batcher.add(job),
                new ApiFutureCallback<>() {
                    @Override
                    public void onSuccess(Long value) {
                        result.complete(value);
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        result.completeExceptionally(failure);
                    }
                },
                MoreExecutors.directExecutor());
        return result;
    }

    @Override
    public void close() {
        try {
            batcher.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (BatchingException failed) {
            // tells again of failures that the callers know already
        }
        timer.shutdownNow();
        threads.shutdownNow();
    }

    private static final class ByPosition implements BatchingDescriptor<Long, Long, List<Long>, List<Long>> {
        @Override
        public BatchingRequestBuilder<Long, List<Long>> newRequestBuilder(List<Long> prototype) {
            List<Long> jobs = new ArrayList<>();
            return new BatchingRequestBuilder<>() {
                @Override
                public void add(Long job) {
                    jobs.add(job);
                }

                @Override
                public List<Long> build() {
                    return jobs;
                }
            };
        }

        @Override
        public void splitResponse(List<Long> results, List<BatchEntry<Long, Long>> entries) {
            for (int i = 0; i < entries.size(); i++) {
                entries.get(i).getResultFuture().set(results.get(i));
            }
        }

        @Override
        public void splitException(Throwable failure, List<BatchEntry<Long, Long>> entries) {
            entries.forEach(entry -> entry.getResultFuture().setException(failure));
        }

        @Override
        public long countBytes(Long job) {
            return Long.BYTES;
        }
    }
}
