package io.microbatcher.benchmarks.soak;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Job;
import io.microbatcher.JobResult;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Answers in any order, found by their id, with failures of single jobs among them. */
final class AnswersById implements Scenario {
    @Override
    public String name() {
        return "by id";
    }

    @Override
    public String exercises() {
        return "<code>BatchProcessor.byId</code>, failures of single jobs, <code>maxConcurrentBatches</code>";
    }

    @Override
    public void run(Round round) throws Exception {
        Random shuffling = round.random();
        try (MicroBatcher<Job<Entry>, Long> batcher = round.watch(
                MicroBatcher.builder(BatchProcessor.<Entry, Long>byId(jobs -> process(round, jobs, shuffling)))
                        .name(name())
                        .batchSize(20)
                        .batchCycle(Duration.ofMillis(4))
                        .maxConcurrentBatches(3)
                        .build())) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(25); i >= 0; i--) {
                        Entry entry = round.entry(index, random);
                        round.observe(entry, batcher.submit(new Job<>(entry.id, entry)));
                    }
                    Round.pause(random, 60_000);
                }
            });
        }
    }

    private static List<JobResult<Long>> process(Round round, List<Job<Entry>> jobs, Random random) throws Exception {
        List<Entry> written = new ArrayList<>();
        List<JobResult<Long>> results = new ArrayList<>();
        for (Job<Entry> job : jobs) {
            if (random.nextInt(50) == 0) {
                results.add(JobResult.failure(job.id(), new NotWrittenException("refused by the processor")));
            } else {
                written.add(job.param());
            }
        }
        if (!written.isEmpty()) {
            round.write(written);
        }
        written.forEach(entry -> results.add(JobResult.success(entry.id, entry.amount)));
        Collections.shuffle(results, random);
        return results;
    }
}
