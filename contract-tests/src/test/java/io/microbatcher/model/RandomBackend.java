package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers the batches of a {@link RandomRun}, or fails them, at once or later, and checks what it is given. */
final class RandomBackend {
    private final RandomRun run;
    private final BatchRules rules;
    private final List<Open> open = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    /** A call that has not been answered. */
    private record Open(List<VirtualItem> batch, CompletableFuture<List<String>> stage) {}

    /** A failure after which nobody is to try again. */
    static final class Final extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A failure that the jobs of a batch are to blame for. */
    static final class Poisoned extends Exception {
        private static final long serialVersionUID = 1L;
    }

    RandomBackend(RandomRun run) {
        this.run = run;
        this.rules = new BatchRules(run.options);
    }

    BatchProcessor<VirtualItem, String> processor() {
        return switch (run.random.nextInt(3)) {
            case 0 -> BatchProcessor.async(this::later);
            case 1 ->
                BatchProcessor.streaming((batch, answers) -> {
                    run.noted(() -> accept(batch));
                    for (int i = 0; i < batch.size(); i++) {
                        if (run.random.nextInt(4) == 0) {
                            if (run.random.nextBoolean()) {
                                answers.complete(i, batch.get(i).result());
                            } else {
                                answers.fail(i, new IllegalStateException("alone"));
                            }
                        } else if (!batch.get(i).isPoison) {
                            answers.complete(i, batch.get(i).result());
                        }
                    }
                    fail(batch);
                });
            default ->
                batch -> {
                    run.noted(() -> accept(batch));
                    fail(batch);
                    return results(batch);
                };
        };
    }

    private CompletableFuture<List<String>> later(List<VirtualItem> batch) {
        run.noted(() -> accept(batch));
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        open.add(new Open(batch, stage));
        return stage;
    }

    boolean isBusy() {
        return !open.isEmpty();
    }

    void completeAStage() {
        if (!open.isEmpty()) {
            Open call = open.remove(run.random.nextInt(open.size()));
            try {
                fail(call.batch);
                call.stage.complete(results(call.batch));
            } catch (Exception failure) {
                call.stage.completeExceptionally(failure);
            }
        }
    }

    private static List<String> results(List<VirtualItem> batch) {
        return batch.stream().map(VirtualItem::result).toList();
    }

    private void fail(List<VirtualItem> batch) throws Exception {
        if (batch.stream().anyMatch(item -> item.isPoison)) {
            throw new Poisoned();
        }
        int luck = run.random.nextInt(10);
        if (luck < 2) {
            if (luck == 0) {
                throw new Final();
            }
            throw new IllegalStateException("by chance");
        }
    }

    private void accept(List<VirtualItem> batch) {
        calls.add(batch.stream().map(item -> String.valueOf(item.id)).toList() + "@" + run.time.nanos());
        rules.check(batch);
        if (run.options.isStrict() && run.options.coalescing == null) {
            checkOrder(batch);
        }
    }

    /** Whoever came before with the same key is over, or before in this batch. */
    private void checkOrder(List<VirtualItem> batch) {
        for (int i = 0; i < batch.size(); i++) {
            VirtualItem item = batch.get(i);
            List<VirtualItem> before = batch.subList(0, i);
            assertThat(run.items)
                    .as("R6.2: %s is handed over in order", item)
                    .noneMatch(other -> other.key == item.key
                            && other.id < item.id
                            && other.future != null
                            && !other.isOver()
                            && !before.contains(other));
        }
    }

    @Override
    public String toString() {
        return calls.toString();
    }
}
