package io.microbatcher.contract;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Jobs that fail as the test says, on virtual time and in the call that makes their batch leave, with a note of each call
 * of the processor. A job is answered with itself and an exclamation mark. Backoffs are 100 ms, 200 ms and so on to a
 * second, without jitter.
 */
final class TroubledFixture implements BatchListener {
    final VirtualTime time = new VirtualTime();
    final List<List<String>> calls = new ArrayList<>();

    /** The jobs that fail alone, and how often. */
    final Map<String, Integer> failsAlone = new HashMap<>();

    /** The jobs that spoil each batch that they are in. */
    final Set<String> spoils = new HashSet<>();

    /** Whether every call fails. */
    boolean isDown;

    /** What the listener was told of retries: the batch's number, how many jobs, why. */
    final List<String> retried = new ArrayList<>();

    static RetryPolicy attempts(int attempts) {
        return RetryPolicy.ofAttempts(attempts)
                .backoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                .jitter(0);
    }

    MicroBatcher.Builder<String, String> with(RetryPolicy policy) {
        return MicroBatcher.builder(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    calls.add(List.copyOf(jobs));
                    if (isDown || jobs.stream().anyMatch(spoils::contains)) {
                        throw new IllegalStateException(isDown ? "down" : "spoilt");
                    }
                    for (int i = 0; i < jobs.size(); i++) {
                        int failures = failsAlone.getOrDefault(jobs.get(i), 0);
                        if (failures > 0) {
                            failsAlone.put(jobs.get(i), failures - 1);
                            answers.fail(i, new IllegalArgumentException("not " + jobs.get(i)));
                        } else {
                            answers.complete(i, jobs.get(i) + "!");
                        }
                    }
                }))
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(Runnable::run)
                .listener(this)
                .retry(policy);
    }

    void advanceMillis(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    static List<CompletableFuture<String>> submit(MicroBatcher<String, String> batcher, List<String> jobs) {
        return jobs.stream().map(batcher::submit).toList();
    }

    @Override
    public void retried(BatchInfo batch, int jobs, Throwable cause) {
        retried.add(batch.id() + ": " + jobs + " " + cause.getMessage());
    }
}
