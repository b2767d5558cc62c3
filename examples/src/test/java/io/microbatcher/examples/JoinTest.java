package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.JobFailedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What docs/recipes.md says of a join. */
@Timeout(60)
class JoinTest {
    private static FutureTask<List<Integer>> joined(Prices prices, int... ids) {
        List<Callable<Integer>> subtasks = Arrays.stream(ids)
                .<Callable<Integer>>mapToObj(id -> () -> prices.batcher.run(id))
                .toList();
        FutureTask<List<Integer>> all = new FutureTask<>(() -> JoinExample.all(subtasks));
        new Thread(all).start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> prices.batcher.stats().pending() == ids.length);
        return all;
    }

    @Test
    void aJoinHasTheResultsInTheOrderOfItsSubtasks() throws Exception {
        try (Prices prices = new Prices()) {
            FutureTask<List<Integer>> all = joined(prices, 1, 2);
            prices.executor.runAll();
            assertThat(all.get()).containsExactly(100, 200);
        }
    }

    @Test
    void whenOneSubtaskFailsTheOthersJobsAreTakenBack() {
        try (Prices prices = new Prices()) {
            FutureTask<List<Integer>> all = joined(prices, 5, -1, -2);
            prices.executor.runAll();
            assertThatThrownBy(all::get)
                    .cause()
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(JobFailedException.class)
                    .hasRootCauseMessage("no such price");
            prices.assertTakenBack(5);
        }
    }

    @Test
    void anInterruptOfWhoJoinsTakesAllJobsBack() {
        try (Prices prices = new Prices()) {
            FutureTask<List<Integer>> all = joined(prices, 1, -1);
            all.cancel(true);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> prices.batcher.stats().pending() == 0);
            prices.assertTakenBack(1, -1);
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "there are no virtual threads before Java 21")
    void theThreadsAreVirtualWhereTheJvmHasThem() throws Exception {
        Callable<String> nameOfTheClass =
                () -> Thread.currentThread().getClass().getSimpleName();
        assertThat(JoinExample.all(List.of(nameOfTheClass))).containsExactly("VirtualThread");
    }
}
