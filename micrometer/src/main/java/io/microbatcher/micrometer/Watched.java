package io.microbatcher.micrometer;

import io.microbatcher.BatcherStats;
import io.microbatcher.MicroBatcher;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The batchers of one name that are in use, and what they hold, for gauges. Does not keep a batcher alive. */
final class Watched {
    private final List<WeakReference<MicroBatcher<?, ?>>> batchers = new CopyOnWriteArrayList<>();

    /** Returns false for one that is there already. A batcher is added by the thread that builds it. */
    boolean add(MicroBatcher<?, ?> batcher) {
        return batchers.stream().noneMatch(each -> each.get() == batcher) && batchers.add(new WeakReference<>(batcher));
    }

    /** One that is closed holds nothing any more. */
    void remove(@Nullable MicroBatcher<?, ?> batcher) {
        batchers.removeIf(each -> {
            MicroBatcher<?, ?> known = each.get();
            return known == null || known == batcher;
        });
    }

    double sum(ToIntFunction<BatcherStats> value) {
        double sum = 0;
        for (WeakReference<MicroBatcher<?, ?>> each : batchers) {
            MicroBatcher<?, ?> batcher = each.get();
            if (batcher != null) {
                sum += value.applyAsInt(batcher.stats());
            }
        }
        return sum;
    }
}
