package io.microbatcher;

import io.microbatcher.BatchListener.BatchInfo;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** One batch in a JDK flight recording: its duration is the processor's. Costs next to nothing unless recorded. */
@Name("io.microbatcher.Batch")
@Label("Batch")
@Category("Micro-Batcher")
@Description("A batch from its dispatch until the processor was done with it")
@StackTrace(false)
final class BatchEvent extends Event {
    private static final BatchEvent ANY = new BatchEvent();

    @Label("Batcher")
    String batcher = "";

    @Label("Batch Id")
    long batchId;

    @Label("Reason")
    @Description("Why the batch left")
    String reason = "";

    @Label("Size")
    int size;

    @Label("Weight")
    long weight;

    @Label("Oldest Wait")
    @Timespan(Timespan.NANOSECONDS)
    long oldestWait;

    @Label("Failed Jobs")
    int failedJobs;

    /** Begins to record a batch; null unless somebody records. */
    static @Nullable BatchEvent begun() {
        if (!ANY.isEnabled()) {
            return null;
        }
        BatchEvent event = new BatchEvent();
        event.begin();
        return event;
    }

    /** Commits what is known of a batch that has ended. */
    void commit(Batch<?, ?> batch) {
        if (shouldCommit()) {
            BatchInfo info = batch.info();
            batcher = batch.dispatcher.name();
            batchId = info.id();
            reason = info.reason().name();
            size = info.size();
            weight = info.weight();
            oldestWait = info.oldestWaitNanos();
            failedJobs = batch.failedJobs;
            commit();
        }
    }
}
