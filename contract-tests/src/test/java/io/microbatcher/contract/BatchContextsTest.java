package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.elsewhere;
import static io.microbatcher.contract.Caller.resultOf;
import static io.microbatcher.contract.ThreadContext.as;
import static io.microbatcher.contract.ThreadContext.here;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.ContextCarrier;
import io.microbatcher.Job;
import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R5.8: a batch has the contexts of all its jobs, and none of its own. */
class BatchContextsTest {
    private final ManualExecutor workers = new ManualExecutor();
    private final ThreadContext context = new ThreadContext();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private <J> MicroBatcher.Builder<J, String> batcher(BatchProcessor<J, String> processor) {
        return MicroBatcher.builder(processor)
                .batchSize(3)
                .batchCycle(Duration.ofDays(1))
                .timer(new VirtualTime())
                .executor(workers)
                .context(context);
    }

    private List<String> look(JobContexts contexts, int jobs) {
        return IntStream.range(0, jobs)
                .mapToObj(i -> {
                    try (ContextCarrier.Scope scope = contexts.restore(i)) {
                        assertThat(scope).isNotNull();
                        return contexts.get(i) + "=" + here();
                    }
                })
                .toList();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ASYNC_LATER") // whose body runs on another thread
    void r5_8_theProcessorSeesTheContextsOfAllJobsByPosition(ProcessorForm form) {
        var batcher = batcher(form.of(jobs -> {
                    seen.add("itself in " + here());
                    seen.addAll(look(JobContexts.current(), jobs.size()));
                    seen.add("still in " + here());
                    return jobs.stream().map(Job::param).toList();
                }))
                .build();
        as("alice", () -> batcher.submit(new Job<>("1", "a")));
        as(null, () -> batcher.submit(new Job<>("2", "b")));
        as("carol", () -> batcher.submit(new Job<>("3", "c")));
        workers.runAll();
        assertThat(seen).containsExactly("itself in null", "alice=alice", "null=null", "carol=carol", "still in null");
    }

    @Test
    void r5_8_callersWhoseJobsAreOneHaveAContextEachBesideThatOfTheirJob() {
        var batcher = batcher((List<String> jobs) -> {
                    JobContexts contexts = JobContexts.current();
                    seen.addAll(look(contexts, contexts.size()));
                    seen.add("callers");
                    seen.addAll(look(contexts.ofCallers(), contexts.ofCallers().size()));
                    return jobs;
                })
                .coalesceBy(job -> job)
                .build();
        as("gone", () -> batcher.submit("a")).cancel(false);
        as("alice", () -> batcher.submit("a"));
        as("bob", () -> batcher.submit("a"));
        as(null, () -> batcher.submit("b"));
        batcher.flush();
        workers.runAll();
        assertThat(seen).containsExactly("alice=alice", "null=null", "callers", "alice=alice", "bob=bob", "null=null");
    }

    @Test
    void r5_8_withoutCoalescingJobsAndCallersAreTheSame() {
        var batcher = batcher((List<String> jobs) -> {
                    seen.add(JobContexts.current().size() + " of "
                            + JobContexts.current().ofCallers().size());
                    return jobs;
                })
                .build();
        List.of("a", "b", "c").forEach(job -> as("alice", () -> batcher.submit(job)));
        workers.runAll();
        assertThat(seen).containsExactly("3 of 3");
        assertThat(JobContexts.current().ofCallers().size()).isZero();
    }

    @Test
    void r5_8_scopesNestAndEndInAnyDepth() {
        var batcher = batcher((List<String> jobs) -> {
                    JobContexts contexts = JobContexts.current();
                    try (ContextCarrier.Scope outer = contexts.restore(0)) {
                        try (ContextCarrier.Scope inner = contexts.restore(1)) {
                            assertThat(inner).isNotSameAs(outer);
                            seen.add(here());
                        }
                        seen.add(here());
                    }
                    seen.add(String.valueOf(here()));
                    return jobs;
                })
                .batchSize(2)
                .build();
        as("alice", () -> batcher.submit("a"));
        as("bob", () -> batcher.submit("b"));
        workers.runAll();
        assertThat(seen).containsExactly("bob", "alice", "null");
    }

    @Test
    void r5_8_theyMayBeKeptAndUsedOnAnotherThreadWhenTheBatchIsOver() throws Exception {
        List<JobContexts> kept = new CopyOnWriteArrayList<>();
        var batcher = batcher(BatchProcessor.<String, String>async(jobs -> {
                    kept.add(JobContexts.current());
                    return CompletableFuture.completedFuture(jobs);
                }))
                .batchSize(2)
                .build();
        as("alice", () -> batcher.submit("a"));
        var b = as("bob", () -> batcher.submit("b"));
        workers.runAll();
        assertThat(resultOf(b)).isEqualTo("b");
        resultOf(elsewhere(() -> seen.addAll(look(kept.get(0), 2))));
        assertThat(seen).containsExactly("alice=alice", "bob=bob");
    }

    @Test
    void r5_8_callersThatBlockAndChannelsBringTheirsToo() throws Exception {
        var batcher = batcher((List<String> jobs) -> {
                    seen.addAll(look(JobContexts.current(), jobs.size()));
                    return jobs;
                })
                .batchSize(2)
                .build();
        var blocked = new InThread(() -> as("alice", () -> batcher.run("a")));
        blocked.awaitWaiting();
        var channel = batcher.openChannel();
        as("bob", () -> {
            channel.submit("b");
            return null;
        });
        workers.runAll();
        assertThat(blocked.thrown()).isNull();
        assertThat(seen).containsExactly("alice=alice", "bob=bob");
    }

    @Test
    void r5_8_outsideOfAProcessorAndInCallbacksInsideOfItThereAreNone() {
        var batcher = batcher(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    answers.complete(0, "a");
                    seen.add("in the processor " + JobContexts.current().get(0));
                }))
                .batchSize(1)
                .build();
        as("alice", () -> batcher.submit("a"))
                .thenRun(() -> seen.add("in a callback " + JobContexts.current().get(0)));
        workers.runAll();
        assertThat(seen).containsExactly("in a callback null", "in the processor alice");
        assertThat(look(JobContexts.current(), 1)).containsExactly("null=null");
    }

    @Test
    void r5_8_aProcessorInsideOfAnotherSeesItsOwn() {
        MicroBatcher<String, String> inner = batcher((List<String> jobs) -> {
                    seen.add("inner " + JobContexts.current().get(0));
                    return jobs;
                })
                .batchSize(1)
                .executor(Runnable::run)
                .build();
        var outer = batcher((List<String> jobs) -> {
                    as("outer's processor", () -> inner.submit("i"));
                    seen.add("outer " + JobContexts.current().get(0));
                    return jobs;
                })
                .batchSize(1)
                .build();
        as("alice", () -> outer.submit("a"));
        workers.runAll();
        assertThat(seen).containsExactly("inner outer's processor", "outer alice");
    }

    @Test
    void r5_8_withoutACarrierThereAreNone() {
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    seen.addAll(look(JobContexts.current(), jobs.size()));
                    return jobs;
                })
                .batchSize(1)
                .executor(workers)
                .build();
        as("alice", () -> batcher.submit("a"));
        workers.runAll();
        assertThat(seen).containsExactly("null=null");
    }

    @Test
    void r5_8_thereIsNoneForAPositionWithoutAJob() {
        var batcher = batcher((List<String> jobs) -> {
                    seen.add(JobContexts.current().get(-1) + " "
                            + JobContexts.current().get(1));
                    return jobs;
                })
                .batchSize(1)
                .build();
        var future = as("alice", () -> batcher.submit("a"));
        workers.runAll();
        assertThat(resultOf(future)).isEqualTo("a");
        assertThat(seen).containsExactly("null null");
    }
}
