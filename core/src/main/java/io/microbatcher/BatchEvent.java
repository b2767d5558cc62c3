package io.microbatcher;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One batch in a JDK flight recording: its duration is the processor's. Costs next to nothing unless recorded. */
@Name("io.microbatcher.Batch")
@Label("Batch")
@Category("Micro-Batcher")
@Description("A batch from its dispatch until the processor was done with it")
@StackTrace(false)
final class BatchEvent extends Event {
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
}
