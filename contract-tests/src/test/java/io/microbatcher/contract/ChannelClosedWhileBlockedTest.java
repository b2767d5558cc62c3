package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** R1.6, R3.2: a channel that is closed while its submitter waits for room takes back a job that was never accepted. */
class ChannelClosedWhileBlockedTest {
    private final ManualExecutor executor = new ManualExecutor();
    private final MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
            .batchSize(1)
            .batchCycle(Duration.ofDays(1))
            .maxPending(1)
            .executor(executor)
            .build();

    @Test
    void r3_2_closingAChannelWhoseSubmitterIsBlockedLetsNobodyElseIn() {
        var pending = batcher.submit("pending");
        var first = Caller.elsewhere(() -> batcher.submit("first in line"));
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 1);
        var channel = batcher.openChannel();
        var second = Caller.elsewhere(() -> channel.submit("second in line"));
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 2);
        channel.close();
        // one job is pending, and the limit is one: the first in line must still wait
        assertThat(first).isNotDone();
        assertThat(batcher.stats().accepted()).isEqualTo(1);
        assertThat(batcher.stats().waiting()).isEqualTo(1);
        executor.runAll();
        Caller.awaitEnd(first);
        Caller.awaitEnd(second);
        Caller.awaitEnd(pending);
    }
}
