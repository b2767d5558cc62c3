package io.microbatcher;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Consumes without results: every job of a batch that went well gets {@code null}. */
final class Sunk<J> extends Form<J, @Nullable Void> {
    private final Sink<J> sink;

    Sunk(Sink<J> sink) {
        this.sink = sink;
    }

    @Override
    Verdicts answer(List<J> jobs, Batch<J, @Nullable Void> batch) throws Exception {
        sink.accept(jobs);
        return Verdicts.byPosition(nothing(batch.size()), batch.size());
    }

    @Override
    public List<@Nullable Void> process(List<J> jobs) throws Exception {
        int size = jobs.size();
        sink.accept(jobs);
        return nothing(size);
    }

    private static List<@Nullable Void> nothing(int jobs) {
        return Collections.nCopies(jobs, null);
    }
}
