package io.microbatcher.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ManualExecutorTest {
    private final ManualExecutor executor = new ManualExecutor();
    private final List<String> ran = new ArrayList<>();

    @Test
    void keepsTasksUntilTheyAreRunInTheirOrder() {
        executor.execute(() -> ran.add("a"));
        executor.execute(() -> ran.add("b"));
        assertThat(ran).isEmpty();
        assertThat(executor.size()).isEqualTo(2);
        assertThat(executor.runNext()).isTrue();
        assertThat(ran).containsExactly("a");
        assertThat(executor.runNext()).isTrue();
        assertThat(executor.runNext()).isFalse();
        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void runAllIncludesWhatComesUpMeanwhile() {
        executor.execute(() -> {
            ran.add("a");
            executor.execute(() -> ran.add("c"));
        });
        executor.execute(() -> ran.add("b"));
        assertThat(executor.runAll()).isEqualTo(3);
        assertThat(ran).containsExactly("a", "b", "c");
        assertThat(executor.runAll()).isZero();
    }

    @Test
    void refusesWhenItIsToldToAndKeepsWhatItHas() {
        executor.execute(() -> ran.add("kept"));
        executor.refuse(true);
        assertThatThrownBy(() -> executor.execute(() -> ran.add("refused")))
                .isInstanceOf(RejectedExecutionException.class);
        executor.refuse(false);
        executor.execute(() -> ran.add("again"));
        executor.runAll();
        assertThat(ran).containsExactly("kept", "again");
    }

    @Test
    void whatATaskThrowsComesThroughAndTheTaskIsGone() {
        executor.execute(() -> {
            throw new IllegalStateException("broken task");
        });
        executor.execute(() -> ran.add("next"));
        assertThatThrownBy(executor::runAll).hasMessage("broken task");
        assertThat(executor.size()).isEqualTo(1);
        executor.runAll();
        assertThat(ran).containsExactly("next");
    }
}
