package io.microbatcher.spring;

import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Shows the batchers and their statistics, and flushes one. */
@Endpoint(id = "microbatchers")
final class MicroBatchersEndpoint {
    private final Batchers batchers;

    MicroBatchersEndpoint(Batchers batchers) {
        this.batchers = batchers;
    }

    @ReadOperation
    Map<String, Object> list() {
        Map<String, Object> all = new LinkedHashMap<>();
        batchers.all().forEach((name, batcher) -> all.put(name, description(batcher)));
        return Map.of("microbatchers", all);
    }

    /** Not found if null. */
    @ReadOperation
    @Nullable
    Map<String, Object> one(@Selector String name) {
        MicroBatcher<?, ?> batcher = batchers.find(name);
        return batcher == null ? null : description(batcher);
    }

    @WriteOperation
    WebEndpointResponse<Void> flush(@Selector String name) {
        MicroBatcher<?, ?> batcher = batchers.find(name);
        if (batcher == null) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        batcher.flush();
        return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
    }

    private static Map<String, Object> description(MicroBatcher<?, ?> batcher) {
        BatcherStats stats = batcher.stats();
        Map<String, Object> ended = new LinkedHashMap<>();
        for (JobOutcome outcome : JobOutcome.values()) {
            ended.put(outcome.name(), stats.jobs(outcome));
        }
        Map<String, Object> batches = new LinkedHashMap<>();
        for (DispatchReason reason : DispatchReason.values()) {
            if (stats.batches(reason) > 0) {
                batches.put(reason.name(), stats.batches(reason));
            }
        }
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("accepted", stats.accepted());
        description.put("ended", ended);
        description.put("rejected", stats.rejected());
        description.put("unmatched", stats.unmatched());
        description.put("coalesced", stats.coalesced());
        description.put("retries", stats.retries());
        description.put("waiting", stats.waiting());
        description.put("toRetry", stats.toRetry());
        description.put("inFlight", stats.inFlight());
        description.put("blocked", stats.blocked());
        description.put("batches", batches);
        description.put("meanBatchSize", stats.meanBatchSize());
        description.put("meanBatchFill", stats.meanBatchFill());
        description.put("inFlightBatches", stats.inFlightBatches());
        description.put("slots", stats.slots());
        description.put("batchDurationMillis", stats.batchDuration().toNanos() / 1e6);
        return description;
    }
}
