package io.microbatcher.benchmarks.peer;

import com.netflix.hystrix.HystrixCollapser;
import com.netflix.hystrix.HystrixCollapserKey;
import com.netflix.hystrix.HystrixCollapserProperties;
import com.netflix.hystrix.HystrixCommand;
import com.netflix.hystrix.HystrixCommandGroupKey;
import com.netflix.hystrix.HystrixCommandProperties;
import com.netflix.hystrix.HystrixThreadPoolKey;
import com.netflix.hystrix.HystrixThreadPoolProperties;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hystrix's request collapser in global scope, with cache, circuit breaker and time-outs off. Its timer counts in whole
 * milliseconds. Two equal jobs in one batch are an error to it, so the workloads keep jobs in flight distinct.
 */
final class HystrixCollapsing implements Peer {
    private static final int QUEUE = 1_000_000;

    /** Hystrix keeps settings by name for the life of the JVM, so each peer needs names of its own. */
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final HystrixCollapser.Setter collapser;
    private final HystrixCommand.Setter command;
    private final Backend backend;

    HystrixCollapsing(Setting setting, Backend backend) {
        String name = "peer-" + NAMES.incrementAndGet();
        this.backend = backend;
        this.collapser = HystrixCollapser.Setter.withCollapserKey(HystrixCollapserKey.Factory.asKey(name))
                .andScope(HystrixCollapser.Scope.GLOBAL)
                .andCollapserPropertiesDefaults(HystrixCollapserProperties.Setter()
                        .withMaxRequestsInBatch(setting.size())
                        .withTimerDelayInMilliseconds(millis(setting))
                        .withRequestCacheEnabled(false));
        this.command = HystrixCommand.Setter.withGroupKey(HystrixCommandGroupKey.Factory.asKey(name))
                .andThreadPoolKey(HystrixThreadPoolKey.Factory.asKey(name))
                .andThreadPoolPropertiesDefaults(HystrixThreadPoolProperties.Setter()
                        .withCoreSize(setting.workers())
                        .withMaxQueueSize(QUEUE)
                        .withQueueSizeRejectionThreshold(QUEUE))
                .andCommandPropertiesDefaults(HystrixCommandProperties.Setter()
                        .withCircuitBreakerEnabled(false)
                        .withExecutionTimeoutEnabled(false)
                        .withFallbackEnabled(false)
                        .withRequestCacheEnabled(false)
                        .withRequestLogEnabled(false));
    }

    private static int millis(Setting setting) {
        return (int) Math.max(1, (setting.cycleMicros() + 999) / 1_000);
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        new Collapser(job).toObservable().subscribe(result::complete, result::completeExceptionally);
        return result;
    }

    @Override
    public void close() {
        // Hystrix has no way to end one collapser; its threads are daemons and idle
    }

    private final class Collapser extends HystrixCollapser<List<Long>, Long, Long> {
        private final Long job;

        Collapser(Long job) {
            super(collapser);
            this.job = job;
        }

        @Override
        public Long getRequestArgument() {
            return job;
        }

        @Override
        protected HystrixCommand<List<Long>> createCommand(Collection<CollapsedRequest<Long, Long>> requests) {
            List<Long> jobs = new ArrayList<>(requests.size());
            requests.forEach(request -> jobs.add(request.getArgument()));
            return new HystrixCommand<>(command) {
                @Override
                protected List<Long> run() {
                    return backend.process(jobs);
                }
            };
        }

        @Override
        protected void mapResponseToRequests(List<Long> results, Collection<CollapsedRequest<Long, Long>> requests) {
            int position = 0;
            for (CollapsedRequest<Long, Long> request : requests) {
                request.setResponse(results.get(position++));
            }
        }
    }
}
