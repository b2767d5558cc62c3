package io.microbatcher;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Routes by {@link Job#id()}: the n-th result with an id to the n-th job with it, the last one to the jobs that remain. */
final class ById<P, R extends @Nullable Object> extends Form<Job<P>, R> {
    private final Call<List<Job<P>>, ? extends Collection<JobResult<R>>> call;

    ById(Call<List<Job<P>>, ? extends Collection<JobResult<R>>> call) {
        this.call = call;
    }

    @Override
    Verdicts answer(List<Job<P>> jobs, Batch<Job<P>, R> batch) throws Exception {
        return route(jobs);
    }

    @Override
    public List<R> process(List<Job<P>> jobs) throws Exception {
        return results(route(jobs), jobs.size());
    }

    private Verdicts route(List<Job<P>> jobs) throws Exception {
        List<Job<P>> asked = List.copyOf(jobs); // the user may change its list
        Collection<JobResult<R>> answers = call.call(jobs);
        if (answers == null) {
            throw new NullPointerException("the processor returned null instead of a collection of JobResult");
        }
        Verdicts verdicts = Verdicts.none(asked.size(), "");
        int found = answers.size();
        Map<Object, Queue<JobResult<R>>> byId = new HashMap<>();
        for (JobResult<R> answer : answers) {
            if (answer == null) {
                verdicts.addUnmatched(null);
            } else {
                byId.computeIfAbsent(answer.jobId(), id -> new ArrayDeque<>()).add(answer);
            }
        }
        Map<Object, JobResult<R>> last = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            Object id = asked.get(i).id();
            Queue<JobResult<R>> queued = byId.get(id);
            JobResult<R> next = queued == null ? null : queued.poll();
            JobResult<R> answer = next == null ? last.get(id) : next;
            if (answer == null) {
                verdicts.missing(
                        i,
                        "the processor returned " + Failures.count(found, "result") + Failures.suchAs(byId.keySet())
                                + ", but none with the id of this job: " + Failures.named(id));
            } else {
                last.put(id, answer);
                Throwable failure = answer.failure();
                if (failure == null) {
                    verdicts.value(i, answer.value());
                } else {
                    verdicts.failure(i, failure);
                }
            }
        }
        byId.values().forEach(rest -> rest.forEach(verdicts::addUnmatched));
        return verdicts;
    }
}
