package io.microbatcher.cli.pipe;

import io.microbatcher.BatchListener;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/** What the batcher reports on its batches: how long the oldest job of one waited before it left. */
final class Watcher implements BatchListener {
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
    private final AtomicLong latest = new AtomicLong();

    @Override
    public void dispatched(BatchInfo batch) {
        latest.lazySet(batch.oldestWaitNanos());
        longest.accumulate(batch.oldestWaitNanos());
    }

    /** The wait of the latest batch. */
    long latestNanos() {
        return latest.get();
    }

    /** The longest wait of all. */
    long longestNanos() {
        return longest.get();
    }
}
