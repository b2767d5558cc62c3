package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import org.junit.jupiter.api.Test;

/** R1.1: completeExceptionally(null) ends the job in the books and then throws, so that its future never completes. */
class NullFailureTest {
    private final ManualExecutor executor = new ManualExecutor();
    private final MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
            .batchSize(1)
            .executor(executor)
            .build();

    @Test
    void r1_1_completingWithNullAsTheFailureLeavesTheJobAlone() {
        var future = batcher.submit("a");
        assertThatThrownBy(() -> future.completeExceptionally(null)).isInstanceOf(NullPointerException.class);
        assertThat(batcher.stats().pending()).isEqualTo(1);
        executor.runAll();
        assertThat(future).isDone();
    }

    @Test
    void r1_1_obtrudingNullAsTheFailureLeavesTheJobAlone() {
        var future = batcher.submit("a");
        assertThatThrownBy(() -> future.obtrudeException(null)).isInstanceOf(NullPointerException.class);
        executor.runAll();
        assertThat(future).isDone();
    }
}
