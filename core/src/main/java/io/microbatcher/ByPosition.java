package io.microbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The plain form: the result at an index belongs to the job at that index. */
final class ByPosition<J, R extends @Nullable Object> extends Form<J, R> {
    private final BatchProcessor<J, R> processor;

    ByPosition(BatchProcessor<J, R> processor) {
        this.processor = processor;
    }

    @Override
    Verdicts answer(List<J> jobs, Batch<J, R> batch) throws Exception {
        List<R> results = processor.process(jobs);
        Verdicts verdicts = Verdicts.byPosition(results, batch.size(), batch.room);
        int surplus = verdicts.unmatched().size();
        if (surplus > 0) {
            batch.dispatcher.settings.watch().surplus(batch.size() + surplus, batch.size());
        }
        return verdicts;
    }

    @Override
    public List<R> process(List<J> jobs) throws Exception {
        return processor.process(jobs);
    }
}
