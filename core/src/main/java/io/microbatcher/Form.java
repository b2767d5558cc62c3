package io.microbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A processor by its form: how a batch is called and how its answers find their jobs. */
abstract class Form<J, R extends @Nullable Object> implements BatchProcessor<J, R> {

    static <J, R extends @Nullable Object> Form<J, R> of(BatchProcessor<J, R> processor) {
        return processor instanceof Form<J, R> form ? form : new ByPosition<>(processor);
    }

    /**
     * Calls the user's code for a batch.
     *
     * @param jobs the batch's jobs by position, for the user to keep
     * @param batch where answers go that come before or after the return
     * @return the verdicts, or null if the batch has been {@linkplain Batch#endsWith tied to a stage} and ends with it
     * @throws Exception what the user's code throws
     */
    abstract @Nullable Verdicts answer(List<J> jobs, Batch<J, R> batch) throws Exception;

    @SuppressWarnings("unchecked") // the values came from a collection of R
    static <R extends @Nullable Object> List<R> results(Verdicts verdicts, int jobs) {
        return (List<R>) verdicts.asList(jobs);
    }
}
