package io.microbatcher.contract;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Job;
import io.microbatcher.JobResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Each form in which a processor can be declared, made from one body that answers by position. Results beyond the last
 * job become answers to a job that does not exist; null as the list becomes null, or no answer at all.
 */
enum ProcessorForm {
    POSITION {
        @Override
        BatchProcessor<Job<String>, String> of(Body body) {
            return body::answer;
        }
    },
    BY_ID {
        @Override
        BatchProcessor<Job<String>, String> of(Body body) {
            return BatchProcessor.byId(jobs -> {
                List<Job<String>> asked = List.copyOf(jobs);
                List<String> results = body.answer(jobs);
                if (results == null) {
                    return null;
                }
                List<JobResult<String>> answers = new ArrayList<>();
                for (int i = results.size() - 1; i >= 0; i--) { // in any order
                    answers.add(JobResult.success(idOf(asked, i), results.get(i)));
                }
                return answers;
            });
        }
    },
    BY_KEY {
        @Override
        BatchProcessor<Job<String>, String> of(Body body) {
            return BatchProcessor.byKey(Job::id, jobs -> {
                List<Job<String>> asked = List.copyOf(jobs);
                List<String> results = body.answer(jobs);
                if (results == null) {
                    return null;
                }
                Map<Object, String> answers = new HashMap<>();
                for (int i = 0; i < results.size(); i++) {
                    answers.put(idOf(asked, i), results.get(i));
                }
                return answers;
            });
        }
    },
    ASYNC_AT_ONCE {
        @Override
        BatchProcessor<Job<String>, String> of(Body body) {
            return BatchProcessor.async(jobs -> CompletableFuture.completedFuture(body.answer(jobs)));
        }
    },
    ASYNC_LATER {
        @Override
        BatchProcessor<Job<String>, String> of(Body body) {
            return BatchProcessor.async(jobs -> {
                CompletableFuture<List<String>> stage = new CompletableFuture<>();
                Caller.elsewhere(() -> {
                    try {
                        stage.complete(body.answer(jobs));
                    } catch (Throwable thrown) {
                        stage.completeExceptionally(thrown);
                    }
                });
                return stage;
            });
        }
    },
    STREAMING {
        @Override
        BatchProcessor<Job<String>, String> of(Body body) {
            return BatchProcessor.streaming((jobs, answers) -> {
                List<String> results = body.answer(new ArrayList<>(jobs));
                for (int i = results == null ? -1 : results.size() - 1; i >= 0; i--) {
                    answers.complete(i, results.get(i));
                }
            });
        }
    },
    SINK {
        @Override
        @SuppressWarnings("unchecked") // null is a result of any type
        BatchProcessor<Job<String>, String> of(Body body) {
            return (BatchProcessor<Job<String>, String>)
                    (BatchProcessor<?, ?>) BatchProcessor.<Job<String>>sink(jobs -> body.answer(new ArrayList<>(jobs)));
        }
    };

    abstract BatchProcessor<Job<String>, String> of(Body body);

    /** What the user wrote: results by position, whatever the form makes of them. */
    @FunctionalInterface
    interface Body {
        List<String> answer(List<Job<String>> jobs) throws Exception;
    }

    private static Object idOf(List<Job<String>> jobs, int position) {
        return position < jobs.size() ? jobs.get(position).id() : "nobody-" + position;
    }
}
