package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120) // a hang fails instead of stopping the build
class FlightRecorderTest {
    private static final String EVENT = "io.microbatcher.Batch";

    @TempDir
    private Path folder;

    private final BatchesFixture fixture = new BatchesFixture();

    private List<RecordedEvent> recorded(Recording recording, String batcher) throws IOException {
        recording.stop();
        Path file = folder.resolve("batches.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT))
                .filter(event -> event.getString("batcher").equals(batcher))
                .toList();
    }

    @Test
    void aRecordingHoldsEachBatchWithItsFields() throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable(EVENT);
            recording.start();
            MicroBatcher<String, String> batcher = fixture.held()
                    .batchSize(3)
                    .maxBatchWeight(10, BatchesFixture::weightOf)
                    .name("recorded")
                    .build();
            batcher.submit("a:2");
            fixture.advanceMillis(4);
            batcher.submit("b:3");
            fixture.advanceMillis(6); // by age
            batcher.submit("c:10"); // by weight, when the slot is free
            fixture.advanceMillis(2);
            fixture.finish(0);
            fixture.fail(1, new IllegalStateException("backend is down"));

            List<RecordedEvent> events = recorded(recording, "recorded");
            assertThat(events).hasSize(2);
            RecordedEvent first = events.get(0);
            assertThat(first.getLong("batchId")).isEqualTo(1);
            assertThat(first.getString("reason")).isEqualTo("AGE");
            assertThat(first.getInt("size")).isEqualTo(2);
            assertThat(first.getLong("weight")).isEqualTo(5);
            assertThat(first.getDuration("oldestWait")).isEqualTo(Duration.ofMillis(10));
            assertThat(first.getInt("failedJobs")).isZero();
            assertThat(first.getDuration()).isPositive();
            assertThat(first.getStackTrace()).isNull();
            RecordedEvent second = events.get(1);
            assertThat(second.getLong("batchId")).isEqualTo(2);
            assertThat(second.getString("reason")).isEqualTo("WEIGHT");
            assertThat(second.getDuration("oldestWait")).isEqualTo(Duration.ofMillis(2));
            assertThat(second.getInt("failedJobs")).isEqualTo(1);
        }
    }

    @Test
    void aBatchThatTheExecutorRefusedIsRecordedToo() throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable(EVENT);
            recording.start();
            fixture.workers.refuse(true);
            MicroBatcher<String, String> batcher =
                    fixture.onDemand().batchSize(1).name("refused").build();
            batcher.submit("a");
            batcher.drain().join();
            assertThat(recorded(recording, "refused"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.getInt("failedJobs")).isEqualTo(1));
        }
    }

    @Test
    void aRecordingWithoutTheEventHoldsNothing() throws IOException {
        try (Recording recording = new Recording()) {
            recording.disable(EVENT);
            recording.start();
            MicroBatcher<String, String> batcher =
                    fixture.atOnce().batchSize(1).name("unrecorded").build();
            assertThat(batcher.submit("a")).isCompletedWithValue("a!");
            assertThat(recorded(recording, "unrecorded")).isEmpty();
        }
    }
}
