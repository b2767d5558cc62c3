package io.microbatcher;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Answers by position when a stage completes. */
final class Async<J, R extends @Nullable Object> extends Form<J, R> {
    private final Call<List<J>, ? extends CompletionStage<? extends List<R>>> call;

    Async(Call<List<J>, ? extends CompletionStage<? extends List<R>>> call) {
        this.call = call;
    }

    @Override
    @Nullable
    Verdicts answer(List<J> jobs, Batch<J, R> batch) throws Exception {
        CompletionStage<? extends List<R>> stage = start(jobs);
        int asked = batch.size();
        batch.endsWith(stage);
        lookForSurplus(stage, asked, batch.dispatcher.settings.watch());
        return null;
    }

    private static void lookForSurplus(CompletionStage<? extends List<?>> stage, int asked, Watch watch) {
        try {
            stage.whenComplete((results, thrown) -> {
                if (results != null && results.size() > asked) {
                    watch.surplus(results.size(), asked);
                }
            });
        } catch (Throwable moody) {
            // The stage is the user's; the batch ends without this, too.
        }
    }

    @Override
    public List<R> process(List<J> jobs) throws Exception {
        try {
            return start(jobs).toCompletableFuture().get();
        } catch (ExecutionException failed) {
            throw Failures.thrown(Failures.unwrapped(failed));
        }
    }

    private CompletionStage<? extends List<R>> start(List<J> jobs) throws Exception {
        CompletionStage<? extends List<R>> stage = call.call(jobs);
        if (stage == null) {
            throw new NullPointerException("the processor returned null instead of a CompletionStage");
        }
        return stage;
    }
}
