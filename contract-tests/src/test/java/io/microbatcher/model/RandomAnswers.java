package io.microbatcher.model;

import io.microbatcher.Job;
import io.microbatcher.JobResult;
import io.microbatcher.model.ModelBatch.Said;
import io.microbatcher.model.ModelBatch.Verdict;
import io.microbatcher.model.ModelJob.AnyNullPointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes up what a processor returns, and says by the rules (R1.2, R1.3) what each job gets from it. */
final class RandomAnswers {
    @SuppressWarnings("StaticAssignmentOfThrowable") // the batcher and the model have to get the same one
    private static final IllegalArgumentException NO_KEY = new IllegalArgumentException("this job has no key");

    private final SplittableRandom random;
    private int values;

    record ByPosition(@Nullable List<Object> results, Verdict verdict) {}

    record ById(@Nullable Collection<JobResult<Object>> results, Verdict verdict) {}

    record ByKey(@Nullable Map<Integer, Object> results, Verdict verdict) {}

    RandomAnswers(SplittableRandom random) {
        this.random = random;
    }

    static Throwable thrown(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> new IOException("the backend is gone");
            case 1 -> new IllegalStateException("the processor has a bug");
            case 2 -> new InterruptedException("stopped");
            default -> new StackOverflowError();
        };
    }

    /** Throws what a verdict says, unless the batcher makes that exception itself. */
    static <T extends @Nullable Object> T thrownOr(Verdict verdict, T results) throws Exception {
        Throwable thrown = verdict.failure();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Exception exception && !(exception instanceof AnyNullPointer)) {
            throw exception;
        }
        return results;
    }

    /** The positions in random order. */
    int[] shuffled(int size) {
        int[] positions = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int held = positions[i];
            positions[i] = positions[other];
            positions[other] = held;
        }
        return positions;
    }

    private @Nullable Verdict failed() {
        return switch (random.nextInt(16)) {
            case 0 -> Verdict.failed(new AnyNullPointer());
            case 1 -> Verdict.failed(thrown(random));
            default -> null;
        };
    }

    private Object value() {
        return "value" + values++;
    }

    ByPosition byPosition(List<ModelJob> jobs) {
        Verdict failed = failed();
        if (failed != null) {
            return new ByPosition(null, failed);
        }
        int count = switch (random.nextInt(10)) {
            case 0 -> random.nextInt(jobs.size());
            case 1 -> jobs.size() + 1 + random.nextInt(3);
            default -> jobs.size();
        };
        List<Object> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(random.nextInt(10) == 0 ? null : value());
        }
        List<Said> said = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            said.add(i < count ? Said.value(results.get(i)) : Said.NOTHING);
        }
        return new ByPosition(results, new Verdict(said, Math.max(0, count - jobs.size()), null));
    }

    /** The n-th result with an id belongs to the n-th job with it, the last one to those that remain. */
    ById byId(List<ModelJob> jobs) {
        Verdict failed = failed();
        if (failed != null) {
            return new ById(null, failed);
        }
        List<JobResult<Object>> results = new ArrayList<>();
        for (int position : shuffled(jobs.size())) {
            int times = random.nextInt(12) == 0 ? 2 : random.nextInt(10) == 0 ? 0 : 1;
            for (int i = 0; i < times; i++) {
                results.add(result(jobs.get(position).job.id()));
            }
        }
        if (random.nextInt(10) == 0) {
            results.add(random.nextBoolean() ? null : result("nobody's"));
        }
        List<Said> said = new ArrayList<>();
        Set<JobResult<Object>> used = new HashSet<>();
        for (int i = 0; i < jobs.size(); i++) {
            Object id = jobs.get(i).job.id();
            List<JobResult<Object>> mine = results.stream()
                    .filter(result -> result != null && result.jobId().equals(id))
                    .toList();
            long before = jobs.subList(0, i).stream()
                    .filter(job -> job.job.id().equals(id))
                    .count();
            if (mine.isEmpty()) {
                said.add(Said.NOTHING);
            } else {
                JobResult<Object> result = mine.get((int) Math.min(before, mine.size() - 1));
                used.add(result);
                said.add(result.failure() == null ? Said.value(result.value()) : Said.failure(result.failure()));
            }
        }
        return new ById(results, new Verdict(said, results.size() - used.size(), null));
    }

    private JobResult<Object> result(Object id) {
        return random.nextInt(8) == 0
                ? JobResult.failure(id, new IllegalStateException("this job failed"))
                : JobResult.success(id, random.nextInt(10) == 0 ? null : value());
    }

    static Integer key(Job<Integer> job) {
        if (job.param() % 31 == 13) {
            throw NO_KEY;
        }
        return job.param() % 5;
    }

    /** Jobs with the same key get the same result. */
    ByKey byKey(List<ModelJob> jobs) {
        Verdict failed = failed();
        if (failed != null) {
            return new ByKey(null, failed);
        }
        Map<Integer, Object> results = new HashMap<>();
        for (int key = 0; key < 5; key++) {
            if (random.nextInt(8) > 0) {
                results.put(key, random.nextInt(10) == 0 ? null : value());
            }
        }
        List<Said> said = new ArrayList<>();
        Set<Integer> wanted = new HashSet<>();
        for (ModelJob job : jobs) {
            try {
                Integer key = key(job.job);
                wanted.add(key);
                said.add(results.containsKey(key) ? Said.value(results.get(key)) : Said.NOTHING);
            } catch (IllegalArgumentException none) {
                said.add(Said.failure(none));
            }
        }
        long unmatched =
                results.keySet().stream().filter(key -> !wanted.contains(key)).count();
        return new ByKey(results, new Verdict(said, (int) unmatched, null));
    }
}
