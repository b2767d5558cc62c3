package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LingerWarningTest {
    private static final int STREAK = 100;

    private final BatchesFixture fixture = new BatchesFixture();
    private final Logger logger = Logger.getLogger("io.microbatcher");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord written) {
            records.add(written);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void silence() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private void lone(MicroBatcher<String, String> batcher, int times) {
        for (int i = 0; i < times; i++) {
            batcher.submit("a");
            fixture.advanceMillis(10);
        }
    }

    @Test
    void aHundredBatchesThatWaitedForNobodyAreWorthOneWarning() {
        MicroBatcher<String, String> batcher =
                fixture.atOnce().batchSize(10).name("slow").build();
        lone(batcher, STREAK - 1);
        assertThat(records).isEmpty();
        lone(batcher, 1);
        assertThat(records).singleElement().satisfies(warning -> {
            assertThat(warning.getLevel()).isEqualTo(Level.WARNING);
            assertThat(warning.getMessage()).contains("slow", "100", "PT0.01S", "batchSize 10", "leave batchCycle out");
        });
        lone(batcher, 5 * STREAK);
        assertThat(records).hasSize(1);
    }

    @Test
    void eachBatcherWarnsForItself() {
        lone(fixture.atOnce().batchSize(10).build(), STREAK);
        lone(fixture.atOnce().batchSize(10).build(), STREAK);
        assertThat(records).hasSize(2);
    }

    @Test
    void oneGoodBatchBreaksTheStreak() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(2).build();
        for (int i = 0; i < 5; i++) {
            lone(batcher, STREAK - 1);
            List.of("a", "b").forEach(batcher::submit);
        }
        assertThat(records).isEmpty();
        lone(batcher, STREAK);
        assertThat(records).hasSize(1);
    }

    @Test
    void batchesThatAreMoreThanHalfFullAreHealthy() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(3).build();
        for (int i = 0; i < 3 * STREAK; i++) {
            List.of("a", "b").forEach(batcher::submit);
            fixture.advanceMillis(10);
        }
        assertThat(records).isEmpty();
    }

    @Test
    void batchesThatWaitedWhileOthersWereInFlightAreHealthy() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(10).maxConcurrentBatches(2).build();
        batcher.submit("in flight all the time");
        batcher.flush();
        for (int i = 1; i < 3 * STREAK; i++) {
            batcher.submit("a");
            fixture.advanceMillis(10);
            fixture.finish(i);
        }
        assertThat(records).isEmpty();
    }

    @Test
    void whoeverDoesNotWaitForCompanyIsNotWarned() {
        lone(fixture.atOnce().batchSize(10).batchCycle(Duration.ZERO).build(), 3 * STREAK);
        lone(
                fixture.atOnce()
                        .batchSize(10)
                        .dispatchPolicy(DispatchPolicy.natural())
                        .build(),
                3 * STREAK);
        lone(fixture.atOnce().batchSize(1).build(), 3 * STREAK);
        MicroBatcher<String, String> flushed = fixture.atOnce().batchSize(10).build();
        for (int i = 0; i < 3 * STREAK; i++) {
            flushed.submit("a");
            flushed.flush();
        }
        assertThat(records).isEmpty();
    }
}
