package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Answers;
import io.microbatcher.Job;
import io.microbatcher.model.ModelBatch.Said;
import io.microbatcher.model.ModelBatch.Verdict;
import io.microbatcher.model.ModelJob.AnyNullPointer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A processor of every form that answers, forgets, repeats, throws, or answers late, as the seed says. */
final class RandomProcessor {
    private final Simulation simulation;
    private final SplittableRandom random;
    private final RandomAnswers answers;
    private final List<Stage> stages = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private @Nullable ModelBatch next;

    private record Late(ModelBatch batch, Answers<Object> answers) {}

    private record Kept(List<?> list, List<?> copy) {}

    RandomProcessor(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random;
        this.answers = new RandomAnswers(random);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a sink gives null, which is an Object as well
    BatchProcessor<Job<Integer>, Object> form() {
        return switch (simulation.scenario.form()) {
            case POSITION -> this::position;
            case BY_ID ->
                BatchProcessor.byId(jobs -> {
                    ModelBatch batch = enter(jobs);
                    RandomAnswers.ById said = answers.byId(batch.jobs);
                    leave(batch, said.verdict());
                    return RandomAnswers.thrownOr(said.verdict(), said.results());
                });
            case BY_KEY ->
                BatchProcessor.byKey(RandomAnswers::key, jobs -> {
                    ModelBatch batch = enter(jobs);
                    RandomAnswers.ByKey said = answers.byKey(batch.jobs);
                    leave(batch, said.verdict());
                    return RandomAnswers.thrownOr(said.verdict(), said.results());
                });
            case ASYNC -> BatchProcessor.async(this::async);
            case STREAMING -> BatchProcessor.<Job<Integer>, Object>streaming(this::stream);
            case SINK -> (BatchProcessor) BatchProcessor.<Job<Integer>>sink(this::swallow);
        };
    }

    /** The batch with which the processor is called next. */
    void isNext(ModelBatch batch) {
        next = batch;
    }

    private ModelBatch enter(List<? extends Job<Integer>> jobs) {
        ModelBatch batch = next;
        next = null;
        simulation.event(true, "process", batch, () -> {
            assertThat(batch)
                    .as("the processor was called for a batch that was not dispatched")
                    .isNotNull();
            assertThat(jobs.stream().map(simulation::find))
                    .as("R2.5: %s", batch)
                    .containsExactlyElementsOf(batch.jobs);
            if (random.nextInt(50) == 0) {
                simulation.actions.runInsideProcessor();
            }
        });
        if (random.nextInt(3) == 0) {
            jobs.clear(); // R5.2: it is the processor's
        } else {
            kept.add(new Kept(jobs, List.copyOf(jobs)));
        }
        return batch;
    }

    /** The processor is about to return. */
    private void leave(ModelBatch batch, Verdict verdict) {
        simulation.note("   the processor ends %s: %s", batch, verdict);
        simulation.arm(() -> simulation.model.finish(batch, verdict, simulation.time.nanos()));
    }

    private List<Object> position(List<Job<Integer>> jobs) throws Exception {
        ModelBatch batch = enter(jobs);
        RandomAnswers.ByPosition said = answers.byPosition(batch.jobs);
        leave(batch, said.verdict());
        return RandomAnswers.thrownOr(said.verdict(), said.results());
    }

    private void swallow(List<? extends Job<Integer>> jobs) throws Exception {
        ModelBatch batch = enter(jobs);
        Verdict verdict = random.nextInt(6) == 0
                ? Verdict.failed(RandomAnswers.thrown(random))
                : new Verdict(Collections.nCopies(batch.jobs.size(), Said.value(null)), 0, null);
        leave(batch, verdict);
        RandomAnswers.thrownOr(verdict, null);
    }

    // ---------------------------------------------------------------- job by job

    private void stream(List<? extends Job<Integer>> jobs, Answers<Object> to) throws Exception {
        ModelBatch batch = enter(jobs);
        int size = batch.jobs.size();
        for (int position : answers.shuffled(size)) {
            ModelJob job = batch.jobs.get(position);
            assertThat(!job.isPending() || !to.isEnded(position))
                    .as("%s has ended", job)
                    .isTrue();
            int times = random.nextInt(10) == 0 ? 2 : random.nextInt(8) == 0 ? 0 : 1;
            for (int i = 0; i < times; i++) {
                answer(batch, random.nextInt(20) == 0 ? size + position : position, to);
            }
        }
        if (random.nextInt(4) == 0) {
            late.add(new Late(batch, to));
        }
        Throwable thrown = random.nextInt(6) == 0 ? RandomAnswers.thrown(random) : null;
        Verdict verdict = new Verdict(Collections.nCopies(size, Said.NOTHING), 0, thrown);
        leave(batch, verdict);
        RandomAnswers.thrownOr(verdict, null);
    }

    private void answer(ModelBatch batch, int position, Answers<Object> to) {
        Said said = random.nextInt(6) == 0
                ? Said.failure(new IllegalStateException("job failed"))
                : Said.value("live" + random.nextInt());
        simulation.note("   answer %s of %s: %s", position, batch, said);
        simulation.model.answer(batch, position, said, simulation.time.nanos());
        if (said.cause() == null) {
            to.complete(position, said.value());
        } else {
            to.fail(position, said.cause());
        }
        simulation.sync();
    }

    /** Answers a batch that is over, or a streaming one that still runs. */
    boolean answerLate() {
        if (late.isEmpty()) {
            return false;
        }
        Late one = late.remove(random.nextInt(late.size()));
        answer(one.batch(), random.nextInt(one.batch().jobs.size()), one.answers());
        return true;
    }

    // ---------------------------------------------------------------- stages

    private final class Stage extends CompletableFuture<List<Object>> {
        final ModelBatch batch;
        final boolean stubborn = random.nextInt(3) == 0;
        boolean asked;

        Stage(ModelBatch batch) {
            this.batch = batch;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            asked = true;
            if (stubborn || isDone()) {
                return false;
            }
            CancellationException cancelled = new CancellationException("asked to stop");
            stages.remove(this);
            leave(batch, Verdict.failed(cancelled));
            return super.completeExceptionally(cancelled);
        }

        void answer() {
            RandomAnswers.ByPosition said = answers.byPosition(batch.jobs);
            leave(batch, said.verdict());
            Throwable thrown = said.verdict().failure();
            if (thrown == null || thrown instanceof AnyNullPointer) {
                complete(said.results());
            } else {
                completeExceptionally(random.nextBoolean() ? thrown : new CompletionException(thrown));
            }
        }
    }

    private @Nullable CompletableFuture<List<Object>> async(List<Job<Integer>> jobs) throws Exception {
        ModelBatch batch = enter(jobs);
        int how = random.nextInt(12);
        if (how == 0) {
            Verdict verdict = Verdict.failed(RandomAnswers.thrown(random));
            leave(batch, verdict);
            return RandomAnswers.thrownOr(verdict, null);
        }
        if (how == 1) {
            leave(batch, Verdict.failed(new AnyNullPointer()));
            return null;
        }
        Stage stage = new Stage(batch);
        if (how < 5) {
            stage.answer();
        } else {
            stages.add(stage);
        }
        return stage;
    }

    /** Completes a stage that a processor has returned. */
    boolean completeStage() {
        if (stages.isEmpty()) {
            return false;
        }
        Stage stage = stages.remove(random.nextInt(stages.size()));
        simulation.note("complete the stage of %s", stage.batch);
        stage.answer();
        simulation.sync();
        return true;
    }

    void checkAllWereAskedToStop() {
        assertThat(stages)
                .as("R4.3: stages in flight that shutdownNow has asked to stop")
                .allMatch(stage -> stage.asked);
    }

    /** R5.2: what the processor was given never changes. */
    void checkLists() {
        kept.forEach(one -> assertThat(one.list())
                .as("R5.2: a list that the processor kept")
                .isEqualTo(one.copy()));
    }
}
