package io.microbatcher.cli.demo;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One way for callers to write to a ledger, with what they saw.
 *
 * @param batcher null where rows go one at a time
 * @param batchSize the batcher's, 0 where none was set
 */
record Way(String name, Load load, @Nullable MicroBatcher<Entry, Long> batcher, int batchSize)
        implements AutoCloseable {
    static final String UNTUNED = "nothing set";
    static final Duration BATCH_CYCLE = Duration.ofMillis(5);

    static Way oneAtATime(int run, int callers, Ledger ledger) {
        return new Way("one at a time", new Load(run, callers, ledger::write), null, 0);
    }

    /** With every option at its default: the adaptive policy. */
    static Way untuned(int run, int callers, Ledger ledger) {
        MicroBatcher<Entry, Long> batcher =
                MicroBatcher.<Entry, Long>builder(ledger::write).name(UNTUNED).build();
        return new Way(UNTUNED, new Load(run, callers, batcher::run), batcher, 0);
    }

    static Way batched(int run, int callers, Ledger ledger, int batchSize, DispatchPolicy policy) {
        String name = String.format(Locale.ROOT, "batchSize %,d", batchSize)
                + (policy == DispatchPolicy.natural() ? ", natural()" : "");
        MicroBatcher<Entry, Long> batcher = MicroBatcher.<Entry, Long>builder(ledger::write)
                .name(name)
                .batchSize(batchSize)
                .batchCycle(BATCH_CYCLE)
                .dispatchPolicy(policy)
                .build();
        return new Way(name, new Load(run, callers, batcher::run), batcher, batchSize);
    }

    @Override
    public void close() {
        if (batcher != null) {
            batcher.close();
        }
    }
}
